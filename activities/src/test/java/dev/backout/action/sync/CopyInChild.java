package dev.backout.action.sync;

/** A worker that does nothing but copy, to be killed: {@code SOURCE TARGET}. */
final class CopyInChild {
  private CopyInChild() {}

  public static void main(String[] args) throws Exception {
    System.out.println("copying");
    Copying.copy(args[0], args[1], "");
    System.out.println("copied");
  }
}
