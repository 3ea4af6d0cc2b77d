// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.FileOption;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.OutsideLink;
import org.xenolith.net.api.OutsideNetwork;
import org.xenolith.net.api.OutsidePort;
import org.xenolith.net.kit.FrameInbox;

/** The networks outside that one machine is connected with. */
final class OutsideCards {
  private final Machine machine;
  private final Consumer<String> messages;
  private final List<Way> open = new ArrayList<>();

  /** @param told hears what people should know, in sentences */
  OutsideCards(Machine machine, Consumer<String> told) {
    this.machine = machine;
    this.messages = told;
  }

  /**
   * Opens one.
   *
   * @param node of the station that frames come in by
   * @param nic  what is asked of it, and of its frames
   * @param said what asked for it, for messages
   * @throws BadInput if it can't be opened; those that are open are closed then
   */
  void open(String node, OutsideNetwork network, Nic nic, String said) {
    try {
      open.add(new Way(node, network, nic, said));
    } catch (IOException e) {
      close();
      throw new BadInput(said + ": " + HostReason.of(e).text());
    } catch (IllegalArgumentException e) {
      close();
      throw new BadInput(said + ": " + e.getMessage());
    }
  }

  /** All are open: the machine waits for them from now on. One that goes on from a snapshot is asked what its guest believes to be connected with. */
  void begin() {
    open.forEach(Way::ask);
    if (!open.isEmpty()) {
      machine.outside(() -> open.stream().anyMatch(way -> way.link.busy()));
    }
  }

  /** Closes all. */
  void close() {
    machine.outside(null);
    open.forEach(Way::close);
  }

  /** One of them, between the machine's port and the link. */
  private final class Way implements OutsidePort.Outside {
    private final FrameInbox inbox;
    private final OutsidePort port;
    private final OutsideLink link;
    private final String said;
    private final OwnAddress address;
    private final Optional<CardCapture> capture;
    private volatile Runnable room = () -> {};

    Way(String node, OutsideNetwork network, Nic nic, String said) throws IOException {
      this.said = said;
      inbox = new FrameInbox(batch -> machine.input(OutsidePort.INPUT, node, batch), () -> room.run(), messages);
      port = machine.port(node, OutsidePort.class);
      address = new OwnAddress(nic.address(), said, messages);
      link = network.open(nic.settings(), inbox);
      try {
        capture = capture(node, nic);
      } catch (BadInput e) {
        link.close();
        throw e;
      }
      room = link::room;
      port.connect(this);
    }

    private Optional<CardCapture> capture(String node, Nic nic) {
      List<CardCapture> opened = new ArrayList<>();
      nic.capture().ifPresent(file -> FileOption.use(NicShaper.OPTION, file, to -> opened.add(new CardCapture(to, node.substring(1), said,
          messages))));
      return opened.stream().findFirst();
    }

    void ask() {
      if (NoNetwork.ask(port, inbox)) {
        messages.accept(said
            + ": connections that the guest had before are asked after; those that nobody outside knows any more end with a"
            + " reset");
      }
    }

    @Override
    public void frame(byte[] bytes, int offset, int length, int offload, int payload) {
      // What is executed again was sent before.
      if (!machine.live()) {
        return;
      }
      capture.ifPresent(to -> to.sent(machine.now(), bytes, offset, length));
      if (offload == 0) {
        link.send(bytes, offset, length);
      } else {
        link.send(bytes, offset, length, offload, payload);
      }
    }

    @Override
    public int offloads() {
      return link.offloads();
    }

    @Override
    public void taken(byte[] frames, int bytes) {
      if (machine.live()) {
        capture.ifPresent(to -> to.taken(machine.now(), frames, bytes));
        address.came(frames, bytes);
      }
      taken(bytes);
    }

    @Override
    public void taken(int bytes) {
      inbox.taken(bytes);
    }

    void close() {
      inbox.close();
      link.close();
      capture.ifPresent(CardCapture::close);
    }
  }
}
