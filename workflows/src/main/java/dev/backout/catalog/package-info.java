/**
 * What actions there are, as the language sees them: names, input and output types, whether a step
 * may be repeated. Read from the catalog document that the actions' side writes; knows nothing of
 * how an action is carried out.
 */
@NullMarked
package dev.backout.catalog;

import org.jspecify.annotations.NullMarked;
