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
import org.xenolith.hyp.api.ServicePorts;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.KeptRecords;
import org.xenolith.machine.api.Ram;
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
  private static final int SHOWN = 8;
  private static final int GRANT_IN_USE = 0x18;

  private static final String CORE = HypervisorNode.PATH;
  /** Fields that go on from guest to guest: what the log says, counters, and registers that the next guest finds loaded anew. */
  private static final Pattern GOES_ON = Pattern.compile("/timer\\..*|/intc[^ ]*\\.(G?ICH_|virtual-).*|HypervisorLog\\..*|"
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
  private final String store;
  private final String records;

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
        System.arraycopy(at.bytes, (int) ((first + i << 12) - at.base), content, place[i] * PAGE, PAGE);
      }
    }
    events(world.dom0);
    events(world.witness);
    events(world.domains.byId(ServicePorts.DOMID));
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
    equal(wrong, "the other domains", domains, describeDomains());
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
        if (Arrays.mismatch(ram.bytes, at, at + PAGE, content, from, from + PAGE) >= 0) {
          page(wrong, i, ram, at, from);
        }
      }
    }
  }

  private void page(List<String> wrong, int frame, Ram ram, int at, int from) {
    byte[] mask = free.get(first + frame);
    for (int i = 0; i < PAGE; i++) {
      int changed = (ram.bytes[at + i] ^ content[from + i]) & 0xFF;
      if (changed != 0 && (mask == null || (changed & ~mask[i]) != 0)) {
        add(wrong, "byte %x of %s changed from %02x to %02x", (first + frame << 12) + i, owner(owners[frame]),
            content[from + i] & 0xFF, ram.bytes[at + i] & 0xFF);
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
    Set<Long> tables = new HashSet<>();
    new Stage2(world, tables).leaves(guest, (gfn, mfn, writable) -> { });
    new Stage2(world, new HashSet<>()).leaves(guest, (gfn, mfn, writable) -> {
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
    });
  }

  private long granted(int reference) {
    return world.p2m.translate(world.witness, Witness.page(reference), false) >>> 12;
  }

  private boolean secret(long mfn) {
    Ram ram = world.bus.ram(mfn << 12);
    int at = (int) ((mfn << 12) - ram.base);
    for (int i = 0; i < PAGE; i += 8) {
      if ((long) Ram.H64.get(ram.bytes, at + i) == Witness.SECRET) {
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
    equal(wrong, "the other domains", domains, describeDomains());
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
    free.keySet().forEach(mfn -> world.memory.write(mfn << 12, content, place[(int) (mfn - first)] * PAGE, PAGE));
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

  private String describeDomains() {
    StringBuilder text = new StringBuilder();
    for (Domain domain : world.domains.all()) {
      if (domain.id() != Fuzzing.DOMID) {
        boolean service = domain.id() == ServicePorts.DOMID;
        text.append(domain.name()).append(' ').append(domain.handle()).append(" state ").append(domain.state());
        fact(text, "paused", domain.pauseCount());
        fact(text, "shut down", domain.shutdownReason());
        fact(text, "info", domain.sharedInfo());
        fact(text, "most pages", domain.maxPages());
        fact(text, "pages", world.p2m.pages(domain));
        fact(text, "weight", domain.weight());
        fact(text, "cap", domain.cap());
        text.append('\n').append(domain.name());
        fact(text, "ports", service ? 0 : world.channels.open(domain));
        fact(text, "maps", service ? 0 : world.grants.mapped(domain));
        fact(text, "store nodes", domain.privileged() ? 0 : world.store.owned(domain));
        for (int i = 0; i < 64; i++) {
          if (domain.parameter(i) != 0) {
            text.append("\nparameter ").append(i);
            fact(text, "is", domain.parameter(i));
          }
        }
        for (Vcpu vcpu : domain.vcpus()) {
          text.append('\n').append(domain.name()).append(" vCPU ").append(vcpu.id()).append(" online ").append(vcpu.online());
          fact(text, "info", vcpu.info());
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  private static void fact(StringBuilder text, String name, long value) {
    text.append(", ").append(name).append(' ').append(value);
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
