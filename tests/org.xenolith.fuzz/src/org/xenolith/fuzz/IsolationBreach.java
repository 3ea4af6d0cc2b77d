package org.xenolith.fuzz;

/** An input did what no guest may. */
final class IsolationBreach extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IsolationBreach(String message) {
    super(message);
  }
}
