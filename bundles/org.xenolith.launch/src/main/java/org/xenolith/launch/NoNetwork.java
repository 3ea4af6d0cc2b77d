// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.function.Consumer;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.Offload;
import org.xenolith.net.api.OutsidePort;
import org.xenolith.net.kit.FrameBatch;
import org.xenolith.net.kit.FrameInbox;
import org.xenolith.net.kit.TcpFrame;

/**
 * What a fork has in the place of a network outside: nobody, who answers segments of TCP with resets, so that its guest doesn't wait for
 * what never comes. All else is lost. The answers are inputs like any, but come from the machine's own thread: the same fork sees them at the same moments.
 */
final class NoNetwork implements OutsidePort.Outside {
  private final Machine machine;
  private final OutsidePort port;
  private final FrameInbox inbox;
  private final String said;
  private final Consumer<String> messages;
  private boolean announced;

  /** @param said which card it is, for messages */
  NoNetwork(Machine machine, String node, String said, Consumer<String> told) {
    this.machine = machine;
    this.said = said;
    this.messages = told;
    inbox = new FrameInbox(batch -> machine.input(OutsidePort.INPUT, node, batch), () -> {}, told);
    port = machine.port(node, OutsidePort.class);
    port.connect(this);
    if (ask(port, inbox)) {
      tell();
    }
  }

  /** Asks the guest after the connections that it believes to have. @return whether there are some */
  static boolean ask(OutsidePort port, FrameInbox inbox) {
    byte[] questions = port.questions();
    int at = 0;
    for (int length = FrameBatch.length(questions, at); length >= 0; length = FrameBatch.length(questions, at)) {
      inbox.frame(questions, at + FrameBatch.HEADER, length);
      at += FrameBatch.HEADER + length;
    }
    return at > 0;
  }

  private void tell() {
    if (!announced) {
      announced = true;
      messages.accept(said + ": a fork has no network outside; what its guest was or wants to be connected with ends with a reset");
    }
  }

  @Override
  public void frame(byte[] bytes, int offset, int length, int offload, int payload) {
    if (!machine.live()) {
      return;
    }
    byte[] refusal = TcpFrame.refusal(bytes, offset, length);
    if (refusal.length > 0) {
      inbox.frame(refusal, 0, refusal.length);
      tell();
    }
  }

  @Override
  public int offloads() {
    return Offload.CHECKSUM | Offload.CHECKSUM6 | Offload.TCP4 | Offload.TCP6;
  }

  @Override
  public void taken(int bytes) {
    inbox.taken(bytes);
  }

  void close() {
    inbox.close();
    port.connect(null);
  }
}
