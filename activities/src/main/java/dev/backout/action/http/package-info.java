/** HTTP services: whether one answers as it should. Must not know what kind of service it is. */
@NullMarked
package dev.backout.action.http;

import org.jspecify.annotations.NullMarked;
