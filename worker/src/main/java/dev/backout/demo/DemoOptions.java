package dev.backout.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * @param yes nobody is asked anything: the demo decides, and says so
 * @param keep service and files stay
 * @param fail the step that is to fail; null for none
 * @param runbook the runbook to run
 */
record DemoOptions(boolean yes, boolean keep, @Nullable String fail, Path runbook) {}
