package dev.backout.action.sync;

import dev.backout.action.ActionException;

/**
 * A worker that does nothing but copy, to be killed or to have little memory: {@code SOURCE TARGET}
 * as often as wanted. What fails is said on standard error.
 */
final class CopyInChild {
  private CopyInChild() {}

  public static void main(String[] args) throws Exception {
    System.out.println("copying");
    boolean failed = false;
    for (int i = 0; i < args.length; i += 2) {
      try {
        Copying.copy(args[i], args[i + 1], "");
      } catch (ActionException e) {
        System.err.println(e.getMessage());
        failed = true;
      }
    }
    System.out.println("copied");
    System.exit(failed ? 1 : 0);
  }
}
