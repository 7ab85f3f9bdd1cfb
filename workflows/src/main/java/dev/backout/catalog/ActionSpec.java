package dev.backout.catalog;

import java.util.Set;

/**
 * One action as the language sees it.
 *
 * @param name the action's name, {@code system.verb}, which is also its Temporal activity type
 * @param summary one line for lists and completion
 * @param description Markdown for the reference page
 * @param repeatability what a second execution would do
 * @param because why the repeatability is what it is, as a sentence
 * @param inputs the type of {@code with}
 * @param outputs the type of {@code steps.ID.outputs}
 * @param readings the outputs that differ from one look to the next without meaning anything, by
 *     their paths: {@code age}, {@code series.value} also where {@code series} is a list
 * @param nothingToUndo whether it leaves nothing that would have to be taken back, though it is no
 *     mere reading
 */
public record ActionSpec(
    String name,
    String summary,
    String description,
    Repeatability repeatability,
    String because,
    ValueType.Struct inputs,
    ValueType.Struct outputs,
    Set<String> readings,
    boolean nothingToUndo) {}
