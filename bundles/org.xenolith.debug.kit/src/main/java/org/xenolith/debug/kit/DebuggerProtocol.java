// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** A protocol that debuggers speak, for one machine. */
public interface DebuggerProtocol {
  /** What people do to connect, for the end of a sentence. @param host address, or empty for this computer */
  String invitation(String host, int port);

  /**
   * What who comes second is sent.
   *
   * @param in what it says; reading ends with an exception if it says nothing for a second
   */
  byte[] refusal(InputStream in) throws IOException;

  /**
   * A debugger has connected, and has said nothing yet.
   *
   * @param runs what it may want of the machine's run
   * @param out  sends bytes to it, from methods of the conversation alone
   */
  Conversation begin(Runs runs, Consumer<byte[]> out);

  /** What is to be done about a message. */
  @FunctionalInterface
  interface Reaction {
    /** @throws IllegalStateException if the machine's run ends meanwhile, and with it the conversation */
    void react() throws InterruptedException;
  }

  /** What becomes of the machine's run. By the conversation's thread; while the machine is halted, but for {@link #halt} and {@link #interrupt}. */
  interface Runs {
    /** Looks into the machine, or changes it, as {@code RunControl.look}. */
    void look(Runnable look) throws InterruptedException;

    /**
     * Halts the machine, which runs, and waits for that; it stays halted, and {@link Conversation#halted} isn't called for this.
     *
     * @return false if it can't be halted, as no run is under way
     */
    boolean interrupt() throws InterruptedException;

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

    /** What has come can't be meant: the connection ends as if the debugger had gone. @param why for people, the end of a sentence */
    void refuse(String why);
  }

  /** One debugger's. All methods but {@link #read} are called by one thread, one at a time. */
  interface Conversation {
    /**
     * Takes apart what has come, by the thread that reads.
     *
     * @param found takes what is to be done about each message: later, in this order, by the conversation's thread
     */
    void read(byte[] bytes, int count, Consumer<Reaction> found);

    /** The debugger is gone, by the thread that reads: what takes long for it may be given up. */
    default void gone() {}

    /** The machine is halted for the first time, as the debugger has said something. In a look. */
    void begin();

    /** Whether the debugger has let the machine go on, and wasn't told of a halt since. */
    boolean running();

    /** The machine has been halted after it went on. In a look. */
    void halted();

    /** The machine's run is over. @param status what the guest gave for it */
    void ended(int status);

    /** Nobody serves the debugger any more, and the machine goes on. */
    void left();

    /** Takes away what it has had the machine stop at. In a look, or at a safe point. */
    void clear();
  }
}
