"""The library in C++. Its users are in dkn; nothing here is for others."""
