;; A type section of five bytes, of which one is there.
(module binary "\00asm\01\00\00\00" "\01\05\01")
