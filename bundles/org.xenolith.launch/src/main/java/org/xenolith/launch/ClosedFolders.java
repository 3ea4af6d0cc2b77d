// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import org.xenolith.machine.control.Machine;
import org.xenolith.ninep.kit.Message;
import org.xenolith.share.api.SharePort;
import org.xenolith.share.api.FoldersPort;

/**
 * In the place of who serves folders where there is none, as in a fork: what that wrote would be in the folder of the machine that it goes on from. The guest gets
 * an error for all that it asks, instead of waiting for ever.
 */
final class ClosedFolders implements SharePort.Outside {
  /** EIO of Linux. */
  private static final int ERROR = 5;
  private static final String FORK = "a fork of a machine has no shared folder: its guest gets an error (EIO) for what it asks";

  private final Machine machine;
  private final String place;
  private final byte[] saved;
  private final String why;
  private boolean said;

  private ClosedFolders(Machine machine, String place, byte[] saved, String why) {
    this.machine = machine;
    this.place = place;
    this.saved = saved;
    this.why = why;
  }

  /** Closes all folders of a machine that was made as a fork, and those that come. */
  static void of(Machine machine) {
    machine.ports(SharePort.class).forEach((node, port) -> close(machine, node, port, FORK));
    machine.ports(FoldersPort.class).forEach((node, ports) -> {
      ports.folders().keySet().forEach(key -> close(machine, node, ports, key));
      ports.watch(new FoldersPort.Watcher() {
        @Override
        public void added(String key) {
          close(machine, node, ports, key);
        }

        @Override
        public void removed(String key) {}
      });
    });
  }

  private static void close(Machine machine, String node, FoldersPort ports, String key) {
    close(machine, FoldersPort.place(node, key), ports.port(key).orElseThrow(), FORK);
  }

  /**
   * Closes one.
   *
   * @param place of its inputs
   * @param why   is told when the guest asks for the first time
   */
  static void close(Machine machine, String place, SharePort port, String why) {
    ClosedFolders closed = new ClosedFolders(machine, place, port.saved(), why);
    port.connect(closed);
    for (long id : port.pending()) {
      closed.refuse(id, Message.NO_TAG);
    }
  }

  private void refuse(long id, int tag) {
    machine.input(SharePort.INPUT, place, SharePort.input(id, Message.error(tag, ERROR)));
  }

  @Override
  public void request(long id, byte[] message) {
    if (!machine.live()) {
      return;
    }
    if (!said) {
      said = true;
      machine.eventLog().announce("share-closed", place, why);
    }
    refuse(id, Message.tag(message, 0));
  }

  @Override
  public void taken(long id) {}

  @Override
  public byte[] save() {
    return saved;
  }
}
