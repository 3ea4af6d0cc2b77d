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
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.PvhKernel;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/** A domain of a PC, alone, that makes one hypercall of each kind, and all else that a hypervisor answers, again and again ({@link PvhKernel#calling}). */
final class CallingPvhDomain implements AutoCloseable {
  private static final String NAME = "caller";
  /** Hypercall number and first argument by role. */
  private static final Map<String, int[]> CALLS = new LinkedHashMap<>();

  static {
    CALLS.put("grant", new int[] {20, 6}); // GNTTABOP_query_size
    CALLS.put("evtchn", new int[] {32, 5}); // EVTCHNOP_status
    CALLS.put("p2m.x64", new int[] {12, 3}); // XENMEM_current_reservation
    CALLS.put("version", new int[] {17, 0}); // XENVER_version
    CALLS.put("sched", new int[] {29, 0}); // SCHEDOP_yield
    CALLS.put("hvm", new int[] {34, 1}); // HVMOP_get_param
    CALLS.put("vcpu", new int[] {24, 3}); // VCPUOP_is_up
    CALLS.put("console", new int[] {18, 1}); // CONSOLEIO_read
  }

  private final Launch launch;
  private final Path config;
  private long answers;

  private CallingPvhDomain(Path config, LaunchRequest request) {
    this.config = config;
    launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
  }

  /** One that makes calls. @param folder gets its files */
  static CallingPvhDomain in(Path folder) throws IOException {
    return in(folder, PvhKernel.calling(List.copyOf(CALLS.values())));
  }

  /** One that only counts. @param folder gets its files */
  static CallingPvhDomain counting(Path folder) throws IOException {
    return in(folder, PvhKernel.counting());
  }

  private static CallingPvhDomain in(Path folder, byte[] program) throws IOException {
    Path kernel = Files.write(folder.resolve(NAME), program);
    Path config = Files.writeString(folder.resolve(NAME + ".cfg"), """
        name = "%s"
        type = "pvh"
        kernel = "%s"
        memory = 16
        """.formatted(NAME, kernel));
    LaunchRequest request = RequestBuilder.of("pc-pvh").memory(256L << 20).noDom0(true).domUs(List.of(config)).build();
    CallingPvhDomain domain = new CallingPvhDomain(config, request);
    domain.run();
    domain.find();
    return domain;
  }

  /** The same in a machine of its own, from a snapshot of this one. @param snapshot a folder that doesn't exist yet */
  CallingPvhDomain saved(Path snapshot) throws IOException {
    launch.save(snapshot);
    CallingPvhDomain saved = new CallingPvhDomain(config, RequestBuilder.ofSnapshot(snapshot).build());
    saved.find();
    return saved;
  }

  private void find() {
    Domain domain = port(DomainsPort.class).domains().all().stream().filter(d -> d.name().equals(NAME)).findFirst().orElseThrow();
    answers = port(P2mPort.class).translate(domain, PvhKernel.ANSWERS, false);
  }

  private <T> T port(Class<T> type) {
    return launch.machine().port(HypervisorNode.PATH, type);
  }

  /** Roles whose calls it makes. */
  static List<String> roles() {
    return List.copyOf(CALLS.keySet());
  }

  Machine machine() {
    return launch.machine();
  }

  /** A command while the machine stands still. */
  String xl(String line) {
    return port(ToolsPort.class).execute(List.of(line.split(" ")));
  }

  /** Has such a domain in the place of this one, which is gone. */
  void createAgain() {
    xl("create " + config);
    find();
  }

  /** Runs for some virtual time, enough for many rounds. */
  void run() {
    launch.machine().run(new RunLimit(launch.machine().now() + 1_000_000, Long.MAX_VALUE));
  }

  /** What it was answered last for the call of a role. */
  long answer(String role) {
    return number(roles().indexOf(role) * 8);
  }

  /** How often it did all of it. */
  long rounds() {
    return number(8 * PvhKernel.CALLS);
  }

  /** Not by way of the domain's memory: nested tables may be away. */
  private long number(int offset) {
    return ByteBuffer.wrap(launch.machine().peek(answers + offset, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  @Override
  public void close() {
    launch.close();
  }
}
