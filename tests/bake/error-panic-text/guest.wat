;; Text of other kinds is not taken for the text format.
Hello
