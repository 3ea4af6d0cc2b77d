// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOBUFS;
import static org.xenolith.xen.abi.XenErrno.XEN_ENODATA;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ArchitectureFacts;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.kit.GuestFeatures;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.VersionOp;

/** What domains are told; the golden run of Xen 4.17 on Debian 12 has the texts. */
class VersionTest {
  private static final int VERSION = 17;
  private static final int ASSIST = 21;

  private FakeHypervisor hyp = new FakeHypervisor();
  private FakeDomain dom0 = hyp.dom0(1);
  private final FakeDomain guest = hyp.domU(2, 1);

  VersionTest() {
    hyp.install("version", new VersionComponent());
  }

  private static long ask(FakeDomain domain, int op) {
    return domain.vcpu(0).call(VERSION, op, domain.page(0));
  }

  private static String text(FakeDomain domain, int at) {
    byte[] bytes = new byte[1024];
    domain.memory().read(domain.page(0) + at, bytes, 0, 1024);
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    return all.substring(0, all.indexOf(0));
  }

  private static String texts(FakeDomain domain, int op) {
    assertEquals(0, ask(domain, op));
    return text(domain, 0);
  }

  private static int features(FakeDomain domain) {
    domain.memory().write32(domain.page(0), 0);
    assertEquals(0, ask(domain, VersionOp.XENVER_get_features));
    return domain.memory().read32(domain.page(0) + 4);
  }

  @Test
  void isXen417AsDebianHasIt() {
    assertEquals(0x4_0011, ask(guest, VersionOp.XENVER_version));
    assertEquals(".7", texts(guest, VersionOp.XENVER_extraversion));
    assertEquals("xen-3.0-aarch64 ", texts(guest, VersionOp.XENVER_capabilities));
    assertEquals("", texts(guest, VersionOp.XENVER_changeset));
    assertEquals(4096, guest.vcpu(0).call(VERSION, VersionOp.XENVER_pagesize, 0));
    assertEquals(-XEN_EINVAL, ask(guest, VersionOp.XENVER_pagesize));
    assertEquals(0, ask(dom0, VersionOp.XENVER_platform_parameters));
    assertEquals(0x20_0000, dom0.memory().read64(dom0.page(0)));
  }

  private void strict() {
    FakeHypervisor strict = new FakeHypervisor(1, Map.of("strict-xen", "true"));
    strict.install("version", new VersionComponent());
    hyp = strict;
    dom0 = strict.dom0(1);
  }

  @Test
  void saysThatItIsNoBuildOfDebians() {
    assertEquals("Java", texts(dom0, VersionOp.XENVER_compile_info));
    assertEquals("xenolith", text(dom0, 64));
    assertEquals("xenolith", text(dom0, 80));
    assertEquals("", text(dom0, 112));
    assertEquals(-XEN_ENODATA, dom0.vcpu(0).call(VERSION, VersionOp.XENVER_build_id, 0));
    assertEquals(-XEN_ENODATA, ask(dom0, VersionOp.XENVER_build_id));
  }

  @Test
  void strictlyAsXenItSaysWhoBuiltDebians() {
    strict();
    assertEquals("aarch64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0", texts(dom0, VersionOp.XENVER_compile_info));
    assertEquals("pkg-xen-devel", text(dom0, 64));
    assertEquals("lists.alioth.debian.org", text(dom0, 80));
    assertEquals("Wed Nov  4 16:52:28 UTC 2026", text(dom0, 112));
  }

  @Test
  void featuresSayWhatTheDomainIs() {
    assertEquals(0x26805, features(dom0));
    assertEquals(0x16005, features(guest));
    guest.memory().write32(guest.page(0), 1);
    assertEquals(-XEN_EINVAL, ask(guest, VersionOp.XENVER_get_features));
  }

  /** What the core of an x86-64 machine says, as far as it is asked here. */
  private record PvhFacts() implements ArchitectureFacts {
    @Override
    public String capabilities() {
      return "hvm-3.0-x86_64 ";
    }

    @Override
    public int features(Domain domain) {
      return GuestFeatures.PVH;
    }

    @Override
    public long virtualStart() {
      return 0;
    }

    @Override
    public long hertz() {
      return 0;
    }

    @Override
    public String trap(long cause, long detail) {
      return "";
    }
  }

  @Test
  void whatIsTheArchitecturesTheCoreSays() {
    hyp.port(ArchitectureFactsPort.class).attach(new PvhFacts(), hyp.context("version"));
    // writable_page_tables, auto_translated_physmap, hvm_callback_vector, hvm_safe_pvclock, memory_op_vnode_supported, not_direct_mapped
    assertEquals(1 | 1 << 2 | 1 << 8 | 1 << 9 | 1 << 13 | 1 << 16, features(guest));
    assertEquals("hvm-3.0-x86_64 ", texts(guest, VersionOp.XENVER_capabilities));
    assertEquals(0, ask(guest, VersionOp.XENVER_platform_parameters));
    assertEquals(0, guest.memory().read64(guest.page(0)));
  }

  @Test
  void strictlyAsXenOnAPcItSaysWhoBuiltDebiansForAmd64() {
    strict();
    hyp.port(ArchitectureFactsPort.class).attach(new PvhFacts(), hyp.context("version"));
    assertEquals("x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0", texts(dom0, VersionOp.XENVER_compile_info));
    assertEquals("pkg-xen-devel", text(dom0, 64));
    assertEquals("Wed Nov  4 16:52:28 UTC 2026", text(dom0, 112));
    dom0.memory().write32(dom0.page(0), 20);
    assertEquals(20, ask(dom0, VersionOp.XENVER_build_id));
    assertEquals(0x3F37_1B15, dom0.memory().read32(dom0.page(0) + 4));
  }

  @Test
  void handleIsTheDomainsOwn() {
    guest.handle(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
    assertEquals(0, ask(guest, VersionOp.XENVER_guest_handle));
    byte[] bytes = new byte[16];
    guest.memory().read(guest.page(0), bytes, 0, 16);
    assertEquals("00112233445566778899aabbccddeeff", HexFormat.of().formatHex(bytes));
  }

  @Test
  void buildAndCommandLineAreNotForGuests() {
    assertEquals("<denied>", texts(guest, VersionOp.XENVER_commandline));
    assertEquals("", texts(dom0, VersionOp.XENVER_commandline));
    assertEquals(-XEN_EPERM, ask(guest, VersionOp.XENVER_build_id));
  }

  @Test
  void buildIdTellsItsLengthAndFitsWhatIsGiven() {
    strict();
    assertEquals(20, dom0.vcpu(0).call(VERSION, VersionOp.XENVER_build_id, 0));
    dom0.memory().write32(dom0.page(0), 0);
    assertEquals(-XEN_EINVAL, ask(dom0, VersionOp.XENVER_build_id));
    dom0.memory().write32(dom0.page(0), 19);
    assertEquals(-XEN_ENOBUFS, ask(dom0, VersionOp.XENVER_build_id));
    dom0.memory().write32(dom0.page(0), 20);
    assertEquals(20, ask(dom0, VersionOp.XENVER_build_id));
    byte[] bytes = new byte[20];
    dom0.memory().read(dom0.page(0) + 4, bytes, 0, 20);
    assertEquals("7a23ea1ef3374f2c4453d67a7962e1d695e9f270", HexFormat.of().formatHex(bytes));
  }

  @Test
  void assistsAreTheOneThatArmHas() {
    assertEquals(0, dom0.vcpu(0).call(ASSIST, 0, 5));
    assertEquals(0, dom0.vcpu(0).call(ASSIST, 1, 5));
    assertEquals(-XEN_ENOSYS, dom0.vcpu(0).call(ASSIST, 2, 5));
    assertEquals(-XEN_EINVAL, dom0.vcpu(0).call(ASSIST, 0, 4));
    assertEquals(-XEN_EINVAL, dom0.vcpu(0).call(ASSIST, 0, -1));
  }

  @Test
  void nonsenseIsRefused() {
    assertEquals(-XEN_ENOSYS, ask(guest, 11));
    assertEquals(-XEN_ENOSYS, ask(guest, -1));
    for (int op : new int[] {1, 2, 3, 4, 5, 6, 8, 9}) {
      assertEquals(-XEN_EFAULT, guest.vcpu(0).call(VERSION, op, 0x10), "operation " + op);
    }
    long seed = 17;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      guest.vcpu(0).call(random.nextBoolean() ? VERSION : ASSIST, random.nextInt(-2, 13),
          random.nextBoolean() ? random.nextLong() : guest.page(random.nextInt(64)) + random.nextInt(4096));
    }
    assertTrue(hyp.port(HypercallsPort.class).served(VERSION));
  }

  @Test
  void withoutItTheCallsAreUnknown() {
    hyp.replace("version", new VersionComponent());
    assertEquals(0x26805, features(dom0));
    hyp.remove("version");
    assertEquals(-XEN_ENOSYS, ask(dom0, VersionOp.XENVER_version));
    assertEquals(-XEN_ENOSYS, dom0.vcpu(0).call(ASSIST, 0, 5));
    hyp.install("version", new VersionComponent());
    assertEquals(0x4_0011, ask(dom0, VersionOp.XENVER_version));
  }
}
