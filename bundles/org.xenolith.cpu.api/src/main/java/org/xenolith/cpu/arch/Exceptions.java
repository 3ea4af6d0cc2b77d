package org.xenolith.cpu.arch;

/** Exception entry and return. */
public final class Exceptions {
  Exceptions(Cpu cpu) { }

  void takePending() { }

  /** Delivers the exception that the memory path noted. */
  public void takeNoted() { }

  boolean interruptRequested() {
    return false;
  }
}
