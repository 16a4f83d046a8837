#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stend_fuzz::connection(data));
