//! Codes and packages: SMART Health Links, QR codes, the classifier of scanned text.
