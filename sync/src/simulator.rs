//! A terminal to practise on.
