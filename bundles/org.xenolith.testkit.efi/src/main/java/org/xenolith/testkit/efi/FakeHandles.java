// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.HandleDatabase;

/** Handles of a {@link FakeFirmware}. */
final class FakeHandles implements HandleDatabase {
  private record Installed(long address, List<Use> uses) {}

  private final Map<Long, Map<EfiGuid, Installed>> handles = new LinkedHashMap<>();
  private long next = 0x1000;

  @Override
  public long install(long handle, EfiGuid protocol, long address) {
    long to = handle == 0 ? next += 16 : handle;
    if (handles.computeIfAbsent(to, key -> new LinkedHashMap<>()).putIfAbsent(protocol, new Installed(address, new ArrayList<>()))
        != null) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, protocol + " is there already");
    }
    return to;
  }

  private Installed installed(long handle, EfiGuid protocol, EfiStatus otherwise) {
    Installed found = handles.getOrDefault(handle, Map.of()).get(protocol);
    if (found == null) {
      throw new EfiError(otherwise, protocol + " isn't there");
    }
    return found;
  }

  @Override
  public void uninstall(long handle, EfiGuid protocol, long address) {
    Installed found = installed(handle, protocol, EfiStatus.NOT_FOUND);
    if (found.address != address || found.uses.stream().anyMatch(use -> (use.attributes() & BY_DRIVER) != 0)) {
      throw new EfiError(found.address != address ? EfiStatus.NOT_FOUND : EfiStatus.ACCESS_DENIED, protocol.toString());
    }
    handles.get(handle).remove(protocol);
    if (handles.get(handle).isEmpty()) {
      handles.remove(handle);
    }
  }

  @Override
  public boolean exists(long handle) {
    return handles.containsKey(handle);
  }

  @Override
  public boolean has(long handle, EfiGuid protocol) {
    return handles.getOrDefault(handle, Map.of()).containsKey(protocol);
  }

  @Override
  public long find(long handle, EfiGuid protocol) {
    return has(handle, protocol) ? handles.get(handle).get(protocol).address : 0;
  }

  @Override
  public List<Long> handles(@Nullable EfiGuid protocol) {
    return handles.keySet().stream().filter(handle -> protocol == null || has(handle, protocol)).toList();
  }

  @Override
  public List<EfiGuid> protocols(long handle) {
    return new ArrayList<>(handles.get(handle).keySet()).reversed();
  }

  @Override
  public long open(long handle, EfiGuid protocol, long agent, long controller, int attributes) {
    Installed found = installed(handle, protocol, EfiStatus.UNSUPPORTED);
    if (attributes == BY_DRIVER && found.uses.stream().anyMatch(use -> use.attributes() == BY_DRIVER)) {
      boolean same = found.uses.stream().anyMatch(use -> use.attributes() == BY_DRIVER && use.agent() == agent);
      throw new EfiError(same ? EfiStatus.ALREADY_STARTED : EfiStatus.ACCESS_DENIED, protocol.toString());
    }
    found.uses.add(new Use(agent, controller, attributes, 1));
    return found.address;
  }

  @Override
  public void close(long handle, EfiGuid protocol, long agent, long controller) {
    if (!installed(handle, protocol, EfiStatus.NOT_FOUND).uses.removeIf(use -> use.agent() == agent && use.controller() == controller)) {
      throw new EfiError(EfiStatus.NOT_FOUND, protocol + " isn't open");
    }
  }

  @Override
  public List<Use> uses(long handle, EfiGuid protocol) {
    return List.copyOf(installed(handle, protocol, EfiStatus.NOT_FOUND).uses);
  }
}
