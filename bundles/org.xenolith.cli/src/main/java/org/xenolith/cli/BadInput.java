package org.xenolith.cli;

/** The user asked for something that can't be; the message says what, where and what helps. */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadInput(String message) {
    super(message);
  }
}
