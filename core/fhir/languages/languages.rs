languages! {
    #[default]
    English "en" "English" complete;
    Hindi "hi" "हिन्दी" complete;
}
