/**
 * The pages that a person sees in a browser: an invite, the question whether a client may have a
 * token, and what went wrong. In come plain values, some of them made up by strangers; out go
 * answers that are escaped in one place, work without JavaScript, fetch nothing, cannot be framed,
 * and are kept by nobody. The endpoints of the sign-in call this. Obeys WCAG 2.2 AA where a page
 * this small can break it, and the security best practices on web pages (BP-04).
 */
@NullMarked
package dev.sallyport.signin.page;

import org.jspecify.annotations.NullMarked;
