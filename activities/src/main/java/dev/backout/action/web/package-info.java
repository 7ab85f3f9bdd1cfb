/**
 * How an action speaks with a web service: one request, its answer, and what it means that there is
 * none. Must not know which service it is.
 */
@NullMarked
package dev.backout.action.web;

import org.jspecify.annotations.NullMarked;
