// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import org.xenolith.machine.control.Machine;
import org.xenolith.ninep.kit.Message;
import org.xenolith.share.api.SharePort;

/**
 * In the place of who serves folders in a fork, which has none: what it wrote would be in the folder of the machine that it goes on from. Its guest gets
 * an error for all that it asks, instead of waiting for ever.
 */
final class ClosedFolders implements SharePort.Outside {
  /** EIO of Linux. */
  private static final int ERROR = 5;

  private final Machine machine;
  private final String node;
  private final byte[] saved;
  private boolean said;

  private ClosedFolders(Machine machine, String node, byte[] saved) {
    this.machine = machine;
    this.node = node;
    this.saved = saved;
  }

  /** Closes all folders of a machine that was made. */
  static void of(Machine machine) {
    machine.ports(SharePort.class).forEach((node, port) -> {
      ClosedFolders closed = new ClosedFolders(machine, node, port.saved());
      port.connect(closed);
      for (long id : port.pending()) {
        closed.refuse(id, Message.NO_TAG);
      }
    });
  }

  private void refuse(long id, int tag) {
    machine.input(SharePort.INPUT, node, SharePort.input(id, Message.error(tag, ERROR)));
  }

  @Override
  public void request(long id, byte[] message) {
    if (!machine.live()) {
      return;
    }
    if (!said) {
      said = true;
      machine.eventLog().announce("share-closed", node,
          "a fork of a machine has no shared folder: its guest gets an error (EIO) for what it asks");
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
