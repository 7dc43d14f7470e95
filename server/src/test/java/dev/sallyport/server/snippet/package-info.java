/** The programs that README files show, so that they compile and do what is said there. */
@NullMarked
package dev.sallyport.server.snippet;

import org.jspecify.annotations.NullMarked;
