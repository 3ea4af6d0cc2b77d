// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import static org.xenolith.xen.abi.GrantStatus.GNTST_bad_domain;
import static org.xenolith.xen.abi.GrantStatus.GNTST_okay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GrantUse;
import org.xenolith.hyp.api.Grants;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.HypercallNumber;

/** Grant tables of all domains. A domain's table has one frame from the moment somebody asks for it. */
final class GrantModel implements DeviceModel, Grants, DomainListener {
  final DomainsPort domains;
  final FrameHeap heap;
  final P2mPort p2m;
  private final GrantsPort port;
  private final HypercallsPort hypercalls;
  private final HypervisorTracePort trace;
  private final MachineMemory memory;
  private final GrantOperations operations;
  private final DeviceState state = new DeviceState();
  private final Map<Integer, DomainGrants> bySerial = new TreeMap<>();

  GrantModel(DeviceContext context) {
    domains = context.port(DomainsPort.class);
    heap = context.port(FrameHeapPort.class);
    p2m = context.port(P2mPort.class);
    port = context.port(GrantsPort.class);
    hypercalls = context.port(HypercallsPort.class);
    trace = context.port(HypervisorTracePort.class);
    memory = new MachineMemory(context.memory().physical());
    state.children("domains", bySerial::clear, this::children, this::remake);
    operations = new GrantOperations(context, this, memory);
    port.attach(this, context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_grant_table_op, operations, context);
    domains.listen(this, context);
  }

  private Map<String, DeviceState> children() {
    Map<String, DeviceState> children = new LinkedHashMap<>();
    bySerial.forEach((serial, grants) -> children.put(Integer.toString(serial), grants.state));
    return children;
  }

  private DeviceState remake(String serial) {
    return add(Integer.parseInt(serial)).state;
  }

  private DomainGrants add(int serial) {
    DomainGrants grants = new DomainGrants(serial, heap, memory, p2m);
    bySerial.put(serial, grants);
    return grants;
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    Domains core = domains.domains();
    if (core != null) {
      List<Integer> live = new ArrayList<>();
      core.all().forEach(domain -> live.add(domain.serial()));
      List<DomainGrants> all = new ArrayList<>(bySerial.values());
      all.stream().filter(grants -> grants.gone.value == 0 && !live.contains(grants.serial)).forEach(this::end);
    }
  }

  @Override
  public void removed() {
    port.detach(this);
    hypercalls.release(HypercallNumber.__HYPERVISOR_grant_table_op, operations);
    domains.forget(this);
  }

  // ---- Domains

  /** A domain's grants, begun when there are none yet; null for a domain that is being destroyed. */
  DomainGrants of(Domain domain) {
    DomainGrants grants = bySerial.get(domain.serial());
    if (grants == null && domain.state() != DomainState.DYING) {
      grants = add(domain.serial());
      grants.table.grow(1);
    }
    return grants == null || grants.gone.value != 0 ? null : grants;
  }

  /** What a domain granted, though it may be gone; null if nobody uses anything of it. */
  DomainGrants bySerial(int serial) {
    return bySerial.get(serial);
  }

  /** The machine frame of an entry that is in use, of a domain that may be gone; -1 if there is no such entry. */
  long mfn(int granter, int ref) {
    DomainGrants grants = bySerial.get(granter);
    return grants == null || !grants.table.has(ref) ? -1 : grants.table.mfn(ref);
  }

  @Override
  public void destroyed(Domain domain) {
    DomainGrants grants = bySerial.get(domain.serial());
    if (grants != null && grants.gone.value == 0) {
      end(grants);
    }
  }

  /** A domain goes: gives back what it maps, and its table. What others use of its pages they go on using. */
  private void end(DomainGrants grants) {
    Maptrack maptrack = grants.maptrack;
    for (int handle = 0; maptrack.used() > 0 && handle < maptrack.length(); handle++) {
      if (maptrack.valid(handle)) {
        endUse(maptrack.granter(handle), maptrack.ref(handle), maptrack.readOnly(handle));
        maptrack.release(handle);
      }
    }
    if (grants.java.value != 0) {
      for (DomainGrants other : List.copyOf(bySerial.values())) {
        other.table.endAllByJava(grants.serial);
        tidy(other);
      }
      grants.java.value = 0;
    }
    grants.gone.value = 1;
    grants.table.orphan();
    tidy(grants);
  }

  /** One use of a granter's entry ends. */
  void endUse(int granter, int ref, boolean readOnly) {
    DomainGrants grants = bySerial.get(granter);
    if (grants != null) {
      grants.table.end(ref, readOnly);
      tidy(grants);
    }
  }

  /** Forgets a domain that is gone when nobody uses its pages any more. */
  private void tidy(DomainGrants grants) {
    if (grants.gone.value != 0 && grants.table.uses() == 0) {
      bySerial.remove(grants.serial);
    }
  }

  // ---- Grants

  @Override
  public long map(Domain mapper, Domain granter, int ref, boolean readOnly) {
    DomainGrants mine = of(mapper);
    DomainGrants theirs = of(granter);
    if (mine == null || theirs == null) {
      return GNTST_bad_domain;
    }
    int status = theirs.table.useByJava(granter, mapper, ref, readOnly);
    if (status != GNTST_okay) {
      return status;
    }
    mine.java.value++;
    if (trace.on()) {
      trace.happened(HypervisorTracePort.Kind.GRANT_MAP, null, ref, granter.id(), -1);
    }
    return theirs.table.mfn(ref) << 12;
  }

  @Override
  public void unmap(Domain mapper, Domain granter, int ref, boolean readOnly) {
    unmapGone(mapper, granter.serial(), ref, readOnly);
  }

  @Override
  public void unmapGone(Domain mapper, int serial, int ref, boolean readOnly) {
    DomainGrants mine = bySerial.get(mapper.serial());
    DomainGrants theirs = bySerial.get(serial);
    if (mine != null && theirs != null && theirs.table.endByJava(mapper.serial(), ref, readOnly)) {
      mine.java.value--;
      if (trace.on()) {
        trace.happened(HypervisorTracePort.Kind.GRANT_UNMAP, null, ref, -1, -1);
      }
      tidy(theirs);
    }
  }

  @Override
  public long frame(Domain domain, int index) {
    DomainGrants grants = index < 0 || index >= GrantTable.MOST_FRAMES ? null : of(domain);
    return grants != null && grants.table.grow(index + 1) ? grants.table.frame(index) : -1;
  }

  @Override
  public int limit(Domain domain) {
    return GrantTable.MOST_FRAMES;
  }

  @Override
  public void grant(Domain granter, int ref, int domid, long gfn) {
    if (ref >= 0 && frame(granter, ref / GrantTable.ENTRIES_IN_FRAME) != -1) {
      of(granter).table.grant(ref, domid, gfn);
    }
  }

  @Override
  public int mapped(Domain mapper) {
    DomainGrants grants = bySerial.get(mapper.serial());
    return grants == null ? 0 : grants.maptrack.used() + (int) grants.java.value;
  }

  @Override
  public int granted(Domain granter) {
    DomainGrants grants = bySerial.get(granter.serial());
    return grants == null ? 0 : grants.table.uses();
  }

  @Override
  public long entry(Domain domain, int ref) {
    DomainGrants grants = bySerial.get(domain.serial());
    return grants == null ? -1 : grants.table.address(ref);
  }

  @Override
  public List<GrantUse> uses(long mfn) {
    return bySerial.values().stream().flatMap(each -> each.table.usesOf(each.serial, mfn).stream()).toList();
  }
}
