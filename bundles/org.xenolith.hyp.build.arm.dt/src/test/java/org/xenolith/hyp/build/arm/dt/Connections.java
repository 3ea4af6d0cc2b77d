// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannels;
import org.xenolith.hyp.api.Grants;
import org.xenolith.hyp.api.Store;
import org.xenolith.hyp.api.StoreWatch;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;

/** Event channels, grant tables and a store that remember what a builder asks of them. */
final class Connections implements EventChannels, Grants, Store {
  final List<String> asked = new ArrayList<>();
  private int ports;

  @Override
  public int allocateUnbound(Domain domain, int remote) {
    asked.add("port " + ++ports + " of d" + domain.id() + " for d" + remote);
    return ports;
  }

  @Override
  public void grant(Domain granter, int ref, int domid, long gfn) {
    asked.add("grant " + ref + " of d" + granter.id() + " to d" + domid + ": " + Long.toHexString(gfn));
  }

  @Override
  public int introduce(Domain domain, long gfn, int port) {
    asked.add("introduce d" + domain.id() + ": " + Long.toHexString(gfn) + ", port " + port);
    return 0;
  }

  @Override
  public int send(Domain domain, int port) {
    throw new AssertionError("a builder signals nobody");
  }

  @Override
  public void raise(Vcpu vcpu, int virq) {
    throw new AssertionError("a builder signals nobody");
  }

  @Override
  public int bindInterdomain(Domain domain, Domain remote, int remotePort) {
    throw new AssertionError("the other end binds");
  }

  @Override
  public int close(Domain domain, int port) {
    throw new AssertionError("nothing is to be closed");
  }

  @Override
  public boolean pending(Vcpu vcpu) {
    return false;
  }

  @Override
  public boolean pending(Domain domain, int port) {
    return false;
  }

  @Override
  public int open(Domain domain) {
    return ports;
  }

  @Override
  public long map(Domain mapper, Domain granter, int ref, boolean readOnly) {
    throw new AssertionError("a builder maps nothing");
  }

  @Override
  public void unmap(Domain mapper, Domain granter, int ref, boolean readOnly) {
    throw new AssertionError("a builder maps nothing");
  }

  @Override
  public long frame(Domain domain, int index) {
    return -1;
  }

  @Override
  public int mapped(Domain mapper) {
    return 0;
  }

  @Override
  public int granted(Domain granter) {
    return 0;
  }

  @Override
  public String read(String path) {
    return null;
  }

  @Override
  public boolean write(String path, String value) {
    throw new AssertionError("the tools write the store");
  }

  @Override
  public void remove(String path) {
    throw new AssertionError("the tools write the store");
  }

  @Override
  public List<String> list(String path) {
    return List.of();
  }

  @Override
  public void permit(String path, String permissions) {
    throw new AssertionError("the tools write the store");
  }

  @Override
  public void watch(String path, StoreWatch watch, DeviceContext owner) {
    throw new AssertionError("a builder watches nothing");
  }

  @Override
  public void unwatch(StoreWatch watch) {}

  @Override
  public int owned(Domain domain) {
    return 0;
  }
}
