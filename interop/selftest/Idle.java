/** A JVM that can be attached to, and waits for its input to end. */
final class Idle {
  private Idle() {}

  public static void main(String[] args) throws java.io.IOException {
    System.out.println("ready");
    System.in.read();
  }
}
