// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/** A domain that makes one hypercall of each kind, again and again, and notes what it is answered. */
final class CallingDomain implements AutoCloseable {
  private static final int DOMID_SELF = 0x7FF0;
  private static final int HEADER = 64;
  private static final int MAGIC = 0x644d5241;
  private static final int TABLE = 512;
  private static final int BUFFER = 2048;
  private static final int ROUNDS = 64;
  /** Hypercall number and first argument by subsystem, the name of its bundle below {@code org.xenolith.hyp}; the second argument is a buffer, the third is 1. */
  private static final Map<String, int[]> CALLS = new LinkedHashMap<>();
  /**
   * x20 the table, x21 the answers with the count of rounds behind, x22 the number of the call:
   * {@code adr x20; adr x21; 1: mov x22, #0; 2: add x23, x20, x22, lsl #5; ldr x16, [x23]; ldr x0, [x23, #8]; adr x1;
   * ldr x2, [x23, #16]; hvc #0xea1; str x0, [x21, x22, lsl #3]; add x22, x22, #1; cmp x22, #8; b.ne 2b; ldr x24, [x21, #64];
   * add x24, x24, #1; str x24, [x21, #64]; b 1b}.
   */
  private static final int[] PROGRAM = {0x10000e14, 0x10001df5, 0xd2800016, 0x8b161697, 0xf94002f0, 0xf94006e0, 0x10003d41,
      0xf9400ae2, 0xd401d422, 0xf8367aa0, 0x910006d6, 0xf10022df, 0x54fffee1, 0xf94022b8, 0x91000718, 0xf90022b8, 0x17fffff2};

  static {
    CALLS.put("grant", new int[] {20, 6}); // GNTTABOP_query_size
    CALLS.put("evtchn", new int[] {32, 5}); // EVTCHNOP_status
    CALLS.put("p2m.a64", new int[] {12, 3}); // XENMEM_current_reservation
    CALLS.put("version", new int[] {17, 0}); // XENVER_version
    CALLS.put("sched", new int[] {29, 0}); // SCHEDOP_yield
    CALLS.put("hvm", new int[] {34, 1}); // HVMOP_get_param
    CALLS.put("vcpu", new int[] {24, 3}); // VCPUOP_is_up
    CALLS.put("console", new int[] {18, 1}); // CONSOLEIO_read
  }

  private final Launch launch;
  private final long answers;

  /** @param folder gets its files */
  CallingDomain(Path folder) throws IOException {
    Path kernel = Files.write(folder.resolve("caller"), kernel());
    Path config = Files.writeString(folder.resolve("caller.cfg"), """
        name = "caller"
        kernel = "%s"
        memory = 16
        """.formatted(kernel));
    LaunchRequest request = RequestBuilder.of("virt").memory(256L << 20).noDom0(true).domUs(List.of(config)).build();
    launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    run();
    Domain domain = port(DomainsPort.class).domains().all().stream().filter(d -> d.name().equals("caller")).findFirst().orElseThrow();
    answers = port(P2mPort.class).translate(domain, domain.vcpu(0).x(21), false);
  }

  private static byte[] kernel() {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | HEADER / 4);
    image.putLong(16, image.capacity());
    image.putLong(24, 0xa);
    image.putInt(56, MAGIC);
    for (int i = 0; i < PROGRAM.length; i++) {
      image.putInt(HEADER + 4 * i, PROGRAM[i]);
    }
    int entry = TABLE;
    for (int[] call : CALLS.values()) {
      image.putLong(entry, call[0]).putLong(entry + 8, call[1]).putLong(entry + 16, 1);
      entry += 32;
    }
    image.putInt(BUFFER, DOMID_SELF);
    return image.array();
  }

  private <T> T port(Class<T> type) {
    return launch.machine().port(HypervisorNode.PATH, type);
  }

  /** Subsystems whose calls it makes. */
  static List<String> subsystems() {
    return List.copyOf(CALLS.keySet());
  }

  Machine machine() {
    return launch.machine();
  }

  /** Runs for some virtual time, enough for many rounds. */
  void run() {
    launch.machine().run(new RunLimit(launch.machine().now() + 1_000_000, Long.MAX_VALUE));
  }

  /** What it was answered last for the call of a subsystem. */
  long answer(String subsystem) {
    return number(subsystems().indexOf(subsystem) * 8);
  }

  /** How often it made all calls. */
  long rounds() {
    return number(ROUNDS);
  }

  /** Not by way of the domain's memory: stage 2 may be away. */
  private long number(int offset) {
    return ByteBuffer.wrap(launch.machine().peek(answers + offset, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  @Override
  public void close() {
    launch.close();
  }
}
