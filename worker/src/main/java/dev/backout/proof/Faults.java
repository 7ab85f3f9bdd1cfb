package dev.backout.proof;

import java.util.ArrayList;
import java.util.List;

/** What is found wrong with one thing. */
final class Faults {
  private Verdict verdict = Verdict.PROVEN;
  private final List<String> remarks = new ArrayList<>();

  void add(Verdict how, String remark) {
    verdict = Verdict.worst(List.of(verdict, how));
    remarks.add(remark);
  }

  void altered(String remark) {
    add(Verdict.ALTERED, remark);
  }

  /** What takes nothing away. */
  void note(String remark) {
    remarks.add(remark);
  }

  boolean isAltered() {
    return verdict == Verdict.ALTERED;
  }

  Verdict verdict() {
    return verdict;
  }

  List<String> remarks() {
    return List.copyOf(remarks);
  }
}
