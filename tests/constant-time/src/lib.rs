pub mod memcheck;
