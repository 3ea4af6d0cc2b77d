// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.KeptRecords;
import org.xenolith.machine.kit.Ram;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.SharedInfo;
import org.xenolith.xen.abi.VcpuInfo;

/**
 * What a world was like before any fuzzing domain, and what must be so while there is one and after it: every frame of another
 * owner has the same bytes but for those that a guest may change (bits), the same owner and the same references; the other
 * domains' settings and the store are the same; all that the guest reaches is its own or was granted.
 */
final class Isolation {
  private static final int PAGE = 4096;
  private static final byte[] ZEROS = new byte[PAGE];
  private static final int SHOWN = 8;
  private static final int GRANT_IN_USE = 0x18;
  /** Numbers of a page that is reached: guest frame, frame, whether for writing. */
  private static final int LEAF = 3;

  private static final String CORE = HypervisorNode.PATH;
  /** Fields that go on from guest to guest: what the log says, counters, and registers that the next guest finds loaded anew. */
  private static final Pattern GOES_ON = Pattern.compile("/timer\\..*|/intc[^ ]*\\.(G?ICH_|virtual-).*|HypervisorLogPort\\..*|"
      + CORE + "\\.(serials|scheduler\\.turn|cpu[0-9]+\\.vcpu)|/smmuv3.*\\.registers\\.(CMDQ|EVENTQ)_(PROD|CONS)|.*GITS_C(WRITER|READR)|"
      + ".*/rogue@.*\\.bytes|" + CORE + ":iommu\\..*faults.*");

  /** Of these only the size may not change: counters are in them, and events that the others got. */
  private static final Set<String> SIZE_ONLY = Set.of(CORE + ".domains", CORE + ":vgic.domains", CORE + ":xenstore.store");

  private final World world;
  private final long first;
  private final int[] owners;
  private final int[] references;
  /** By frame, where its bytes are in {@link #content}; -1 for a free one, or one of the hypervisor's far from free ones. */
  private final int[] place;
  private final byte[] content;
  /** By frame, bits that may change. */
  private final Map<Long, byte[]> free = new HashMap<>();
  /** What every guest reaches of devices: the GIC's interface for virtual machines. */
  private final Set<Long> devices = new HashSet<>();
  private final String domains;
  /** The same in numbers. */
  private final Facts facts = new Facts(256);
  private final String store;
  private final String records;
  /** What the guest's stage 2 leads to, {@link #LEAF} numbers each, and its tables; made once. */
  private long[] reached = new long[1024 * LEAF];
  private int leaves;
  private final Set<Long> tables = new HashSet<>();

  /** @param canaries frames that {@link Canaries} took */
  Isolation(World world, Set<Long> canaries) {
    this.world = world;
    AddressWindow ram = world.machine.platform().memory().getFirst();
    first = ram.base() >>> 12;
    int count = (int) (ram.size() >>> 12);
    owners = new int[count];
    references = new int[count];
    place = new int[count];
    int used = 0;
    for (int i = 0; i < count; i++) {
      owners[i] = world.frames.owner(first + i);
      references[i] = world.frames.held(first + i);
    }
    for (int i = 0; i < count; i++) {
      boolean far = owners[i] == FrameHeap.HYPERVISOR && canaries.contains(first + i)
          && (i == 0 || owners[i - 1] != 0) && (i == count - 1 || owners[i + 1] != 0);
      place[i] = owners[i] == 0 || far ? -1 : used++;
    }
    content = new byte[used * PAGE];
    for (int i = 0; i < count; i++) {
      if (place[i] >= 0) {
        Ram at = world.bus.ram(first + i << 12);
        at.read((int) ((first + i << 12) - at.base), content, place[i] * PAGE, PAGE);
      }
    }
    events(world.dom0);
    events(world.witness);
    events(world.domains.byId(ServiceEventsPort.DOMID));
    Domain witness = world.witness;
    Arrays.fill(mask(world.p2m.translate(witness, Witness.page(Witness.WRITABLE), true) >>> 12), (byte) -1);
    byte[] table = mask(world.grants.frame(witness, 0));
    table[8 * Witness.READ_ONLY] = GRANT_IN_USE;
    table[8 * Witness.WRITABLE] = GRANT_IN_USE;
    new Stage2(world, new HashSet<>()).leaves(witness, (gfn, mfn, writable) -> {
      if (world.frames.owner(mfn) == -1) {
        devices.add(mfn);
      }
    });
    if (world.pci != null) {
      devices.addAll(world.pci.reachable());
      world.pci.queues().forEach(mfn -> Arrays.fill(mask(mfn), (byte) -1));
    }
    domains = describeDomains();
    facts(facts);
    store = describeStore();
    records = describeRecords();
  }

  private byte[] mask(long mfn) {
    return free.computeIfAbsent(mfn, m -> new byte[PAGE]);
  }

  /** Events that a guest may send: the pending bits of a domain's first ports, and what says so. */
  private void events(Domain domain) {
    byte[] mask = mask(domain.sharedInfo() >>> 12);
    mask[SharedInfo.EVTCHN_PENDING] = (byte) 0xFE;
    mask[VcpuInfo.EVTCHN_UPCALL_PENDING] = 1;
    mask[VcpuInfo.EVTCHN_PENDING_SEL] = 1;
  }

  // ---- While the guest lives

  /** What is wrong while the guest, or what it left, is there. @param fully with what takes longest: all frames and the store */
  List<String> during(Domain guest, boolean fully) {
    List<String> wrong = new ArrayList<>();
    if (fully) {
      taken(wrong, guest);
      equal(wrong, "the store outside the domain's home", store, describeStore());
    }
    others(wrong);
    reach(wrong, guest);
    return wrong;
  }

  private void taken(List<String> wrong, Domain guest) {
    for (int i = 0; i < owners.length; i++) {
      long mfn = first + i;
      int owner = world.frames.owner(mfn);
      if (owners[i] == 0) {
        if (owner != 0 && owner != guest.serial() && owner != FrameHeap.HYPERVISOR) {
          add(wrong, "frame %x was free and belongs to the domain of serial %d now", mfn, owner);
        }
      } else if (owner != owners[i]) {
        add(wrong, "frame %x belonged to %s and belongs to %s now", mfn, owner(owners[i]), owner(owner));
      }
    }
  }

  private void bytes(List<String> wrong) {
    for (int i = 0; i < owners.length; i++) {
      if (place[i] >= 0) {
        Ram ram = world.bus.ram(first + i << 12);
        int at = (int) ((first + i << 12) - ram.base);
        int from = place[i] * PAGE;
        if (ram.mismatch(at, content, from, PAGE) >= 0) {
          page(wrong, i, ram, at, from);
        }
      }
    }
  }

  private void page(List<String> wrong, int frame, Ram ram, int at, int from) {
    byte[] mask = free.get(first + frame);
    for (int i = 0; i < PAGE; i++) {
      int changed = (int) ram.read(at + i, 1) ^ content[from + i] & 0xFF;
      if (changed != 0 && (mask == null || (changed & ~mask[i]) != 0)) {
        add(wrong, "byte %x of %s changed from %02x to %02x", (first + frame << 12) + i, owner(owners[frame]),
            content[from + i] & 0xFF, ram.read(at + i, 1));
        return;
      }
    }
  }

  private String owner(int serial) {
    if (serial == FrameHeap.HYPERVISOR) {
      return "the hypervisor";
    }
    return world.domains.all().stream().filter(d -> d.serial() == serial).map(Domain::name).findFirst()
        .orElse(serial == 0 ? "nobody" : "a domain of serial " + serial);
  }

  private static void add(List<String> wrong, String format, Object... values) {
    if (wrong.size() < SHOWN) {
      wrong.add(format.formatted(values));
    }
  }

  private static void equal(List<String> wrong, String what, String before, String now) {
    if (!before.equals(now)) {
      List<String> old = before.lines().toList();
      List<String> fresh = now.lines().toList();
      add(wrong, "%s changed: gone %s, new %s", what, old.stream().filter(l -> !fresh.contains(l)).limit(SHOWN).toList(),
          fresh.stream().filter(l -> !old.contains(l)).limit(SHOWN).toList());
    }
  }

  /** All that the guest's stage 2 maps, and whether it knows the secret. */
  private void reach(List<String> wrong, Domain guest) {
    tables.clear();
    leaves = 0;
    new Stage2(world, tables).leaves(guest, this::note);
    for (int i = 0; i < leaves; i += LEAF) {
      long gfn = reached[i];
      long mfn = reached[i + 1];
      boolean writable = reached[i + 2] != 0;
      int owner = world.frames.owner(mfn);
      boolean own = owner == guest.serial() || owner == -1 && devices.contains(mfn);
      boolean hypervisors = owner == FrameHeap.HYPERVISOR && owners[(int) (mfn - first)] == 0 && !tables.contains(mfn);
      boolean granted = owner == world.witness.serial() && (mfn == granted(Witness.WRITABLE)
          || mfn == granted(Witness.READ_ONLY) && !writable);
      if (!own && !hypervisors && !granted) {
        add(wrong, "guest frame %x reaches frame %x of %s%s", gfn, mfn, owner == -1 ? "no RAM" : owner(owner),
            writable ? " for writing" : "");
      }
      if (own && owner != -1 && secret(mfn)) {
        add(wrong, "guest frame %x holds what only others know", gfn);
      }
    }
  }

  private void note(long gfn, long mfn, boolean writable) {
    if (leaves == reached.length) {
      reached = Arrays.copyOf(reached, 2 * leaves);
    }
    reached[leaves] = gfn;
    reached[leaves + 1] = mfn;
    reached[leaves + 2] = writable ? 1 : 0;
    leaves += LEAF;
  }

  private long granted(int reference) {
    return world.p2m.translate(world.witness, Witness.page(reference), false) >>> 12;
  }

  private boolean secret(long mfn) {
    Ram ram = world.bus.ram(mfn << 12);
    int at = (int) ((mfn << 12) - ram.base);
    int written = ram.mismatch(at, ZEROS, 0, PAGE);
    // Most pages never were.
    for (int i = written < 0 ? PAGE : written & -8; i < PAGE; i += 8) {
      if (ram.read(at + i, 8) == Witness.SECRET) {
        return true;
      }
    }
    return false;
  }

  // ---- After it

  /**
   * What is wrong when the guest is gone; puts back what it was free to change.
   *
   * @param fully with what takes longest: all frames, their bytes, and the store. What a guest did to those stays so
   */
  List<String> after(boolean fully) {
    List<String> wrong = new ArrayList<>();
    others(wrong);
    if (fully) {
      frames(wrong);
      bytes(wrong);
      equal(wrong, "the store", store, describeStore());
    }
    restore();
    return wrong;
  }

  private void frames(List<String> wrong) {
    for (int i = 0; i < owners.length; i++) {
      long mfn = first + i;
      if (world.frames.owner(mfn) != owners[i]) {
        add(wrong, "frame %x of %s belongs to %s when the guest is gone", mfn, owner(owners[i]), owner(world.frames.owner(mfn)));
      } else if (world.frames.held(mfn) != references[i]) {
        add(wrong, "frame %x of %s is held %d times when the guest is gone, %d before it", mfn, owner(owners[i]),
            world.frames.held(mfn), references[i]);
      }
    }
  }

  private void restore() {
    for (long mfn : free.keySet()) {
      Ram ram = world.bus.ram(mfn << 12);
      int at = (int) ((mfn << 12) - ram.base);
      int from = place[(int) (mfn - first)] * PAGE;
      if (ram.mismatch(at, content, from, PAGE) >= 0) {
        world.memory.write(mfn << 12, content, from, PAGE);
      }
    }
  }

  /**
   * What is wrong when guests are gone, with what the subsystems keep: nothing of them may be left. Too slow for every input;
   * what one leaves stays there.
   */
  List<String> kept() {
    List<String> wrong = after(true);
    equal(wrong, "what subsystems keep", records, describeRecords());
    return wrong;
  }

  // ---- What isn't memory

  private String describeRecords() {
    StringBuilder text = new StringBuilder();
    KeptRecords.of(world.machine).forEach((field, value) -> {
      if (!GOES_ON.matcher(field).matches()) {
        String shown = SIZE_ONLY.contains(field) ? value.replaceFirst("bytes .*", "bytes") : value;
        text.append(field).append(" = ").append(shown).append('\n');
      }
    });
    return text.toString();
  }

  /** Whether the other domains are as they were. Their text is made only when a number differs: it takes longer than a short input. */
  private void others(List<String> wrong) {
    Facts now = new Facts(facts.count);
    facts(now);
    if (!now.equal(facts)) {
      equal(wrong, "the other domains", domains, describeDomains());
    }
  }

  /** Takes a fact of a domain. @param index which of several, 0 if there is one */
  private interface Fact {
    void is(Domain domain, String name, int index, long value);
  }

  /** The numbers alone, in their order. */
  private static final class Facts implements Fact {
    private long[] values;
    private int count;

    private Facts(int room) {
      values = new long[room + 1];
    }

    @Override
    public void is(Domain domain, String name, int index, long value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }

    private boolean equal(Facts other) {
      return Arrays.equals(values, 0, count, other.values, 0, other.count);
    }
  }

  private void facts(Fact fact) {
    for (Domain domain : world.domains.all()) {
      if (domain.id() != Fuzzing.DOMID) {
        boolean service = domain.id() == ServiceEventsPort.DOMID;
        fact.is(domain, "domid", 0, domain.id());
        fact.is(domain, "hash of name", 0, domain.name().hashCode());
        fact.is(domain, "hash of handle", 0, domain.handle().hashCode());
        fact.is(domain, "state", 0, domain.state().ordinal());
        fact.is(domain, "paused", 0, domain.pauseCount());
        fact.is(domain, "shut down", 0, domain.shutdownReason());
        fact.is(domain, "info", 0, domain.sharedInfo());
        fact.is(domain, "most pages", 0, domain.maxPages());
        fact.is(domain, "pages", 0, world.p2m.pages(domain));
        fact.is(domain, "weight", 0, domain.weight());
        fact.is(domain, "cap", 0, domain.cap());
        fact.is(domain, "ports", 0, service ? 0 : world.channels.open(domain));
        fact.is(domain, "maps", 0, service ? 0 : world.grants.mapped(domain));
        fact.is(domain, "store nodes", 0, domain.privileged() ? 0 : world.store.owned(domain));
        for (int i = 0; i < 64; i++) {
          fact.is(domain, "parameter", i, domain.parameter(i));
        }
        for (Vcpu vcpu : domain.vcpus()) {
          fact.is(domain, "online of vCPU", vcpu.id(), vcpu.online() ? 1 : 0);
          fact.is(domain, "info of vCPU", vcpu.id(), vcpu.info());
        }
      }
    }
  }

  private String describeDomains() {
    StringBuilder text = new StringBuilder();
    facts((domain, name, index, value) -> text.append("%s: %s %d is %d%n".formatted(domain.name(), name, index, value)));
    return text.toString();
  }

  private String describeStore() {
    Map<String, String> nodes = new TreeMap<>();
    node("", nodes);
    StringBuilder text = new StringBuilder();
    nodes.forEach((path, value) -> text.append(path).append(" = ").append(value).append('\n'));
    return text.toString();
  }

  private void node(String path, Map<String, String> nodes) {
    for (String child : world.store.list(path.isEmpty() ? "/" : path)) {
      String below = path + "/" + child;
      if (!Fuzzing.own(below)) {
        nodes.put(below, String.valueOf(world.store.read(below)));
        node(below, nodes);
      }
    }
  }
}
