// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;

/**
 * Makes requests in code: for tests, and for who doesn't launch what options say. What the launcher itself has as options is typed here;
 * other bundles' are {@linkplain #option(String, List) texts by their names}.
 */
public final class RequestBuilder implements LaunchRequest.Builder {
  private String board = "virt";
  private OptionalInt cpus = OptionalInt.empty();
  private OptionalLong memory = OptionalLong.empty();
  private Map<String, String> boardOptions = Map.of();
  private Map<String, String> cpuOptions = Map.of();
  private boolean el2;
  private Optional<String> guest = Optional.empty();
  private boolean shell;
  private Optional<Boolean> bootsAgain = Optional.empty();
  private boolean bootsAgainUnlessSaid;
  private boolean hypervisor;
  private List<Path> domUs = List.of();
  private boolean noDom0;
  private Map<String, List<String>> options = Map.of();

  private RequestBuilder() {}

  /** A request for a board: its name, or a .dtb or .platform file. */
  public static RequestBuilder of(String board) {
    return new RequestBuilder().board(board);
  }

  /** A request that continues a snapshot, a folder that {@link Launch#save} wrote. Board, guest and disks are the snapshot's. */
  public static RequestBuilder ofSnapshot(Path folder) {
    return new RequestBuilder().load(folder);
  }

  /** The requests of another to begin from. */
  static RequestBuilder of(LaunchRequest from) {
    RequestBuilder builder = new RequestBuilder();
    builder.board = from.board();
    builder.cpus = from.cpus();
    builder.memory = from.memory();
    builder.boardOptions = from.boardOptions();
    builder.cpuOptions = from.cpuOptions();
    builder.el2 = from.el2();
    builder.guest = from.guest();
    builder.shell = from.shell();
    builder.bootsAgain = from.bootsAgainSaid();
    builder.bootsAgainUnlessSaid = from.bootsAgainUnlessSaid();
    builder.hypervisor = from.hypervisor();
    builder.domUs = from.domUs();
    builder.noDom0 = from.noDom0();
    builder.options = from.options();
    return builder;
  }

  @Override
  public RequestBuilder board(String nameOrFile) {
    board = nameOrFile;
    return this;
  }

  @Override
  public RequestBuilder cpus(int count) {
    cpus = OptionalInt.of(count);
    return this;
  }

  @Override
  public RequestBuilder memory(long bytes) {
    memory = OptionalLong.of(bytes);
    return this;
  }

  @Override
  public RequestBuilder boardOptions(Map<String, String> byName) {
    boardOptions = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    return this;
  }

  @Override
  public RequestBuilder boardOption(String name, String value) {
    boardOptions = with(boardOptions, name, value);
    return this;
  }

  @Override
  public RequestBuilder cpuOption(String name, String value) {
    cpuOptions = with(cpuOptions, name, value);
    return this;
  }

  @Override
  public RequestBuilder el2(boolean on) {
    el2 = on;
    return this;
  }

  @Override
  public RequestBuilder guest(String name) {
    guest = Optional.of(name);
    return this;
  }

  @Override
  public RequestBuilder shell(boolean wanted) {
    shell = wanted;
    return this;
  }

  @Override
  public RequestBuilder bootsAgain(boolean on) {
    bootsAgain = Optional.of(on);
    return this;
  }

  @Override
  public RequestBuilder bootsAgainUnlessSaid(boolean on) {
    bootsAgainUnlessSaid = on;
    return this;
  }

  @Override
  public RequestBuilder hypervisor(boolean on) {
    hypervisor = on;
    return this;
  }

  @Override
  public RequestBuilder domUs(List<Path> files) {
    domUs = List.copyOf(files);
    return this;
  }

  @Override
  public RequestBuilder noDom0(boolean without) {
    noDom0 = without;
    return this;
  }

  /** The option {@code load}: the snapshot to continue. */
  public RequestBuilder load(Path snapshot) {
    return option("load", List.of(snapshot.toString()));
  }

  /**
   * The option {@code disk}: images, as {@code FILE[,write][,readonly][,scsi][,cdrom][,pci=SLOT]}; each behind a virtio transport that is
   * free, or in a PCI slot. SCSI disks and CD-ROMs share one.
   */
  public RequestBuilder disks(List<String> texts) {
    return option("disk", texts);
  }

  /**
   * What the launcher is told by {@code function}, which is no option of a command line: node path to the id of a function plugged behind
   * that transport, for example {@code virtio:2}.
   */
  public RequestBuilder functions(Map<String, String> byNode) {
    return option("function", new TreeMap<>(byNode).entrySet().stream().map(one -> one.getKey() + '=' + one.getValue()).toList());
  }

  /** The option {@code engine}: name of the CPU engine; empty for the highest ranking. */
  public RequestBuilder engine(String name) {
    return option("engine", name.isEmpty() ? List.of() : List.of(name));
  }

  /** The option {@code set}: options of models, as {@code NODE:OPTION=VALUE}. */
  public RequestBuilder settings(List<String> texts) {
    return option("set", texts);
  }

  /** The option {@code kernel}: a kernel file instead of a guest source. */
  public RequestBuilder kernel(Path file) {
    return option("kernel", List.of(file.toString()));
  }

  /** The option {@code kernel-address}: where a kernel goes that may lie anywhere and says nothing itself, a physical address. */
  public RequestBuilder kernelAddress(long address) {
    return option("kernel-address", List.of("0x" + Long.toHexString(address)));
  }

  /** The option {@code entry}: where the kernel is entered, a physical address. */
  public RequestBuilder entry(long address) {
    return option("entry", List.of("0x" + Long.toHexString(address)));
  }

  /** The option {@code initrd}: the first root file system instead of the guest's. */
  public RequestBuilder initrd(Path file) {
    return option("initrd", List.of(file.toString()));
  }

  /** The option {@code append}: words added to the guest's kernel command line. */
  public RequestBuilder append(String words) {
    return option("append", words.isEmpty() ? List.of() : List.of(words));
  }

  /** The option {@code module}: multiboot modules for a hypervisor as the kernel, as {@code KIND=FILE[,WORDS]}. */
  public RequestBuilder modules(List<String> texts) {
    return option("module", texts);
  }

  @Override
  public RequestBuilder option(String name, String text) {
    return option(name, List.of(text));
  }

  @Override
  public RequestBuilder option(String name, List<String> texts) {
    Map<String, List<String>> changed = new LinkedHashMap<>(options);
    if (texts.isEmpty()) {
      changed.remove(name);
    } else {
      changed.put(name, List.copyOf(texts));
    }
    options = Collections.unmodifiableMap(changed);
    return this;
  }

  @Override
  public RequestBuilder options(Map<String, List<String>> byName) {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    return this;
  }

  private static <T> Map<String, T> with(Map<String, T> map, String name, T value) {
    Map<String, T> more = new LinkedHashMap<>(map);
    more.put(name, value);
    return Collections.unmodifiableMap(more);
  }

  /** The request. A hypervisor is implied by domains, and what a hypervisor needs of CPUs by a hypervisor. */
  @Override
  public LaunchRequest build() {
    boolean withHypervisor = hypervisor || !domUs.isEmpty() || noDom0;
    return new BuiltRequest(board, cpus, memory, boardOptions, cpuOptions, el2 || withHypervisor, guest, shell,
        bootsAgain,
        bootsAgainUnlessSaid, withHypervisor,
        domUs, noDom0,
        options);
  }
}
