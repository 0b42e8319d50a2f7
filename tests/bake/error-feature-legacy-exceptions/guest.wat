;; Exceptions as they were before they were standardised.
(module
  (tag $tag)
  (func (export "wizer-initialize")
    try
      throw $tag
    catch $tag
    end))
