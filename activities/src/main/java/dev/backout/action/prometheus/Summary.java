package dev.backout.action.prometheus;

import java.util.DoubleSummaryStatistics;
import java.util.List;

/** Of the numbers of a series; what isn't finite is a gap. */
record Summary(double average, double least, double greatest) {

  /**
   * @param values one of them finite at least
   */
  static Summary of(List<Double> values) {
    DoubleSummaryStatistics all =
        values.stream()
            .filter(Double::isFinite)
            .mapToDouble(Double::doubleValue)
            .summaryStatistics();
    return new Summary(all.getAverage(), all.getMin(), all.getMax());
  }
}
