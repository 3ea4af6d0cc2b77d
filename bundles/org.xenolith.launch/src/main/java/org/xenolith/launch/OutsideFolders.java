// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.control.Machine;
import org.xenolith.share.api.FolderServer;
import org.xenolith.share.api.SharePort;
import org.xenolith.share.api.SharedFolders;

/** The folders of the host that one machine's guests see. */
final class OutsideFolders {
  private final Machine machine;
  private final List<Way> open = new ArrayList<>();

  OutsideFolders(Machine machine) {
    this.machine = machine;
  }

  /**
   * Opens one.
   *
   * @param node that it is behind
   * @throws BadInput if it can't be opened; those that are open are closed then
   */
  void open(String node, SharedFolders folders, ShareText share, Consumer<String> told) {
    try {
      open.add(new Way(node, folders, share, told));
    } catch (IOException e) {
      close();
      throw new BadInput(share.said() + ": " + HostReason.of(e).text());
    } catch (IllegalArgumentException e) {
      close();
      throw new BadInput(share.said() + ": " + e.getMessage());
    }
  }

  /** Closes all. */
  void close() {
    open.forEach(Way::close);
  }

  /** One of them, between the machine's port and who serves it. */
  private final class Way implements SharePort.Outside {
    private final SharePort port;
    private final FolderServer server;

    Way(String node, SharedFolders folders, ShareText share, Consumer<String> told) throws IOException {
      port = machine.port(node, SharePort.class);
      server = folders.open(Path.of(share.folder()), share.readOnly(), (id, message) -> machine.input(SharePort.INPUT, node, SharePort
          .input(id, message)), told);
      try {
        server.restore(port.saved(), port.pending());
      } catch (IllegalArgumentException e) {
        server.close();
        throw e;
      }
      port.connect(this);
      machine.post(server::work);
    }

    @Override
    public void request(long id, byte[] message) {
      // What is executed again was asked before.
      if (machine.live()) {
        server.request(id, message);
        // Not within the device's work: what is brought from outside has its place between two instructions.
        machine.post(server::work);
      }
    }

    @Override
    public void taken(long id) {
      server.taken(id);
    }

    @Override
    public byte[] save() {
      return server.save();
    }

    void close() {
      port.connect(null);
      server.close();
    }
  }
}
