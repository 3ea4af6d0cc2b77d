// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.kit.EfiMemoryType;

/** Handles, their protocols, and who uses them. A handle is the address of a piece of memory with nothing in it. */
final class Handles implements HandleDatabase {
  static final int BY_HANDLE = 1;
  static final int EXCLUSIVE = 32;
  private static final int HANDLE_BYTES = 16;
  /** Protocols that all handles may have among them, and uses that may be noted of one: neither takes memory of the guest's, and the second are looked through. */
  static final int MOST_PROTOCOLS = 1 << 16;
  static final int MOST_USES = 1024;
  /** What nearly each driver answers to each controller: made once. */
  private static final EfiError WITHOUT = new EfiError(EfiStatus.UNSUPPORTED, "the handle hasn't this protocol");

  /** A protocol of a handle. */
  static final class Installed {
    long address;
    final List<Use> uses = new ArrayList<>();

    Installed(long address) {
      this.address = address;
    }
  }

  private final Pool pool;
  private final Map<Long, LinkedHashMap<EfiGuid, Installed>> handles = new LinkedHashMap<>();
  /** Rises with each installation. */
  private long changes;
  /** The same with each that is taken away; for who keeps what was found for the rest of a trap, and saved nowhere. */
  private long edits;
  /** Protocols that all handles have. */
  private int protocols;
  private Installation installation = (handle, protocol) -> {};

  /** Who is told of protocols that are installed. */
  interface Installation {
    void installed(long handle, EfiGuid protocol);
  }

  Handles(Pool pool) {
    this.pool = pool;
  }

  void onInstall(Installation listener) {
    installation = listener;
  }

  void clear() {
    handles.clear();
    changes = 0;
    protocols = 0;
  }

  @Override
  public long install(long handle, EfiGuid protocol, long address) {
    if (protocols >= MOST_PROTOCOLS) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, MOST_PROTOCOLS + " protocols are installed");
    }
    long to = handle;
    if (to == 0) {
      to = pool.allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), HANDLE_BYTES);
      handles.put(to, new LinkedHashMap<>());
    } else if (of(to).containsKey(protocol)) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "handle 0x" + Long.toHexString(to) + " has " + protocol + " already");
    }
    handles.get(to).put(protocol, new Installed(address));
    protocols++;
    changes++;
    edits++;
    installation.installed(to, protocol);
    return to;
  }

  private LinkedHashMap<EfiGuid, Installed> of(long handle) {
    LinkedHashMap<EfiGuid, Installed> protocols = handles.get(handle);
    if (protocols == null) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(handle) + ": no handle");
    }
    return protocols;
  }

  /** A protocol of a handle. @throws EfiError NOT_FOUND */
  Installed installed(long handle, EfiGuid protocol) {
    Installed found = of(handle).get(protocol);
    if (found == null) {
      throw new EfiError(EfiStatus.NOT_FOUND, "handle 0x" + Long.toHexString(handle) + " has no " + protocol);
    }
    return found;
  }

  @Override
  public void uninstall(long handle, EfiGuid protocol, long address) {
    Installed found = installed(handle, protocol);
    if (found.address != address) {
      throw new EfiError(EfiStatus.NOT_FOUND, protocol + ": another interface");
    }
    if (found.uses.stream().anyMatch(use -> (use.attributes() & (BY_DRIVER | EXCLUSIVE)) != 0)) {
      throw new EfiError(EfiStatus.ACCESS_DENIED, protocol + " is in use");
    }
    edits++;
    protocols--;
    of(handle).remove(protocol);
    if (of(handle).isEmpty()) {
      handles.remove(handle);
      pool.free(handle);
    }
  }

  /** Another number after each installation, and after each that is undone. */
  long edits() {
    return edits;
  }

  @Override
  public boolean exists(long handle) {
    return handles.containsKey(handle);
  }

  @Override
  public boolean has(long handle, EfiGuid protocol) {
    return exists(handle) && handles.get(handle).containsKey(protocol);
  }

  @Override
  public long find(long handle, EfiGuid protocol) {
    return has(handle, protocol) ? handles.get(handle).get(protocol).address : 0;
  }

  @Override
  public List<Long> handles(EfiGuid protocol) {
    return handles.entrySet().stream().filter(each -> protocol == null || each.getValue().containsKey(protocol)).map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public List<EfiGuid> protocols(long handle) {
    return List.copyOf(of(handle).sequencedKeySet().reversed());
  }

  @Override
  public long open(long handle, EfiGuid protocol, long agent, long controller, int attributes) {
    if (!exists(handle)) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(handle) + ": no handle");
    }
    Installed found = handles.get(handle).get(protocol);
    if (found == null) {
      throw WITHOUT;
    }
    boolean manages = (attributes & (BY_DRIVER | EXCLUSIVE)) != 0;
    for (Use use : found.uses) {
      if (use.agent() == agent && use.controller() == controller && use.attributes() == attributes && manages
          && (attributes & BY_DRIVER) != 0) {
        throw new EfiError(EfiStatus.ALREADY_STARTED, protocol + ": opened already");
      }
    }
    if (manages && found.uses.stream().anyMatch(use -> (use.attributes() & (BY_DRIVER | EXCLUSIVE)) != 0)) {
      throw new EfiError(EfiStatus.ACCESS_DENIED, protocol + ": a driver manages it");
    }
    if (attributes != TEST_PROTOCOL) {
      record(found, agent, controller, attributes);
    }
    return found.address;
  }

  private static void record(Installed found, long agent, long controller, int attributes) {
    for (int i = 0; i < found.uses.size(); i++) {
      Use use = found.uses.get(i);
      if (use.agent() == agent && use.controller() == controller && use.attributes() == attributes) {
        found.uses.set(i, new Use(agent, controller, attributes, use.count() + 1));
        return;
      }
    }
    if (found.uses.size() >= MOST_USES) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, MOST_USES + " uses of the protocol are noted");
    }
    found.uses.add(new Use(agent, controller, attributes, 1));
  }

  @Override
  public void close(long handle, EfiGuid protocol, long agent, long controller) {
    if (!installed(handle, protocol).uses.removeIf(use -> use.agent() == agent && use.controller() == controller)) {
      throw new EfiError(EfiStatus.NOT_FOUND, protocol + " isn't open for this agent");
    }
  }

  @Override
  public List<Use> uses(long handle, EfiGuid protocol) {
    return has(handle, protocol) ? List.copyOf(handles.get(handle).get(protocol).uses) : List.of();
  }

  byte[] save() {
    LongWriter out = new LongWriter().put(changes);
    return out.all(handles.entrySet(), handle -> out.put(handle.getKey()).all(handle.getValue().entrySet(), each -> out.put(each.getKey())
        .put(each.getValue().address).all(each.getValue().uses, use -> out.put(use.agent()).put(use.controller()).put(use.attributes())
            .put(use.count())))).bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("handles", bytes);
    clear();
    changes = in.get();
    in.each(() -> {
      LinkedHashMap<EfiGuid, Installed> protocols = new LinkedHashMap<>();
      handles.put(in.get(), protocols);
      in.each(() -> {
        EfiGuid protocol = in.guid();
        Installed installed = new Installed(in.get());
        protocols.put(protocol, installed);
        this.protocols++;
        in.each(() -> installed.uses.add(new Use(in.get(), in.get(), in.getInt(), in.getInt())));
      });
    });
  }
}
