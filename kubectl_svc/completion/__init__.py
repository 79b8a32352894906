"""What TAB offers, in cobra's terms: pure, from the words before the cursor."""
