// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.control.Machine;
import org.xenolith.share.api.FolderServer;
import org.xenolith.share.api.SharePort;
import org.xenolith.share.api.SharedFolder;
import org.xenolith.share.api.SharedFolders;

/** The folders of the host that one machine's guests see, and who serves them. */
final class OutsideFolders {
  private final Machine machine;
  private final SharedFolders service;
  private final Consumer<String> messages;
  /** By the place of their inputs. */
  private final Map<String, Way> open = new TreeMap<>();

  /** @param messages hears what people should know */
  OutsideFolders(Machine machine, SharedFolders service, Consumer<String> messages) {
    this.machine = machine;
    this.service = service;
    this.messages = messages;
  }

  /**
   * Opens one, and says how the guest mounts it.
   *
   * @param place of its inputs
   * @param port  where its device is
   * @throws BadInput if it can't be opened
   */
  void open(String place, SharePort port, SharedFolder folder) {
    try {
      open.put(place, new Way(place, port, folder));
      messages.accept(folder.said() + ": in the guest: " + folder.mount());
    } catch (IOException e) {
      throw new BadInput(folder.said() + ": " + HostReason.of(e).text());
    } catch (IllegalArgumentException e) {
      throw new BadInput(folder.said() + ": " + e.getMessage());
    }
  }

  /** Closes one. */
  void close(String place) {
    Way way = open.remove(place);
    if (way != null) {
      way.close();
    }
  }

  /** Closes all. */
  void close() {
    open.values().forEach(Way::close);
    open.clear();
  }

  /** One of them, between the machine's port and who serves it. */
  private final class Way implements SharePort.Outside {
    private final SharePort port;
    private final FolderServer server;

    Way(String place, SharePort port, SharedFolder folder) throws IOException {
      this.port = port;
      server = service.open(Path.of(folder.path()), folder.readOnly(), (id, message) -> machine.input(SharePort.INPUT, place, SharePort
          .input(id, message)), messages);
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
