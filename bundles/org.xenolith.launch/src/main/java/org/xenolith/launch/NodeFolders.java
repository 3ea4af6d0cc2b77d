// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.xenolith.command.api.BadInput;
import org.xenolith.machine.control.Machine;
import org.xenolith.share.api.SharePort;
import org.xenolith.share.api.FoldersPort;
import org.xenolith.share.api.SharedFolder;
import org.xenolith.share.api.SharedFolders;

/** The folders of a machine whose models have several, which come and go while it runs: domains of a hypervisor. */
final class NodeFolders {
  private final Machine machine;
  private final Supplier<SharedFolders> service;
  private final Consumer<String> messages;
  private final List<Runnable> ends = new ArrayList<>();

  /** @param messages hears what people should know */
  NodeFolders(Machine machine, Supplier<SharedFolders> service, Consumer<String> messages) {
    this.machine = machine;
    this.service = service;
    this.messages = messages;
  }

  /**
   * Opens those that are there, and from now on those that come.
   *
   * @return closes all
   * @throws BadInput if one that is there can't be opened
   */
  Runnable open() {
    try {
      machine.ports(FoldersPort.class).forEach(this::open);
    } catch (BadInput e) {
      close();
      throw e;
    }
    return this::close;
  }

  private void close() {
    ends.forEach(Runnable::run);
  }

  private void open(String node, FoldersPort ports) {
    Node open = new Node(node, ports);
    ports.watch(open);
    ends.add(open::close);
    for (Map.Entry<String, SharedFolder> each : ports.folders().entrySet()) {
      open.open(each.getKey(), each.getValue());
    }
  }

  /** Those of one node. What comes while the machine runs and can't be opened is told, and its guest gets errors. */
  private final class Node implements FoldersPort.Watcher {
    private final String node;
    private final FoldersPort ports;
    private final Map<String, OutsideFolders> open = new TreeMap<>();

    Node(String node, FoldersPort ports) {
      this.node = node;
      this.ports = ports;
    }

    void open(String key, SharedFolder folder) {
      SharedFolders server = service.get();
      if (server == null) {
        throw new BadInput(folder.said() + ": " + ShareShaper.NO_SERVER);
      }
      OutsideFolders one = new OutsideFolders(machine, server, messages);
      one.open(FoldersPort.place(node, key), port(key), folder);
      open.put(key, one);
    }

    private SharePort port(String key) {
      return ports.port(key).orElseThrow();
    }

    @Override
    public void added(String key) {
      if (!machine.live()) {
        return; // what is executed again was opened before
      }
      try {
        open(key, ports.folders().get(key));
      } catch (BadInput e) {
        messages.accept(e.getMessage() + "; its guest gets an error (EIO) for what it asks");
        ClosedFolders.close(machine, FoldersPort.place(node, key), port(key), "the folder can't be opened: its guest gets an error (EIO)");
      }
    }

    @Override
    public void removed(String key) {
      OutsideFolders one = open.remove(key);
      if (one != null) {
        one.close();
      }
    }

    void close() {
      ports.watch(null);
      open.values().forEach(OutsideFolders::close);
      open.clear();
    }
  }
}
