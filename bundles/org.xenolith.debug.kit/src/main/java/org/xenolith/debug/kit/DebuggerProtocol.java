// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.util.function.Consumer;

/** A protocol that debuggers speak, for one machine. */
public interface DebuggerProtocol {
  /** What people do to connect, for the end of a sentence. @param host address, or empty for this computer */
  String invitation(String host, int port);

  /** What who comes second is sent. */
  byte[] refusal();

  /**
   * A debugger has connected, and has said nothing yet.
   *
   * @param runs what it may want of the machine's run
   * @param out  sends bytes to it, from methods of the conversation alone
   */
  Conversation begin(Runs runs, Consumer<byte[]> out);

  /** What becomes of the machine's run. While it is halted, but for {@link #halt}. */
  interface Runs {
    /** Lets the machine go on; {@link Conversation#halted} is called when it is halted. */
    void go();

    /** Lets it go on until a CPU has executed one instruction; {@link Conversation#halted} is called then. @param cpu its index */
    void step(int cpu);

    /** Halts it. */
    void halt();

    /** The debugger takes its leave: what it has set is gone, and the machine goes on. */
    void detach();

    /** The debugger ends the run. */
    void kill();
  }

  /** One debugger's. All methods but {@link #read} are called by one thread, one at a time. */
  interface Conversation {
    /**
     * Takes apart what has come, by the thread that reads.
     *
     * @param found takes what is to be done about each message: later, in this order; while the machine is halted if it is to be ({@link #running})
     */
    void read(byte[] bytes, int count, Consumer<Runnable> found);

    /** The machine is halted for the first time, as the debugger has said something. It is looked into from here on. */
    void begin();

    /** Whether the debugger has let the machine go on, and wasn't told of a halt since. */
    boolean running();

    /** The machine has been halted after it went on. */
    void halted();

    /** The machine's run is over. @param status what the guest gave for it */
    void ended(int status);

    /** Takes away what it has had the machine stop at. */
    void clear();
  }
}
