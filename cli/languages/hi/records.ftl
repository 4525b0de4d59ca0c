### What the commands say that list and show records, in Hindi. An identifier is a section and a key.

## Lists

list-more = और देखने के लिए: --after { $next }

## Results

results-none = कोई जाँच परिणाम नहीं।
results-count =
    { $count ->
        [one] 1 परिणाम
       *[other] { $count } परिणाम
    }
