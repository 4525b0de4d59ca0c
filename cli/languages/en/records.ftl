### What the commands say that list and show records, in English. An identifier is a section and a key.

## Lists

list-more = More with --after { $next }

## Results

results-none = No results.
results-count =
    { $count ->
        [one] 1 result
       *[other] { $count } results
    }
