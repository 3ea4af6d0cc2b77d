// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;

/**
 * Makes requests in code: for tests, and for who doesn't launch what options say. What the launcher itself has as options is typed here, and what
 * tests say most of the hypervisor; other bundles' are {@linkplain #option(String, List) texts by their names}.
 */
public final class RequestBuilder implements LaunchRequest.Builder {
  private static final String BOARD_OPTION = "option";
  private String board = "virt";
  private OptionalInt cpus = OptionalInt.empty();
  private OptionalLong memory = OptionalLong.empty();
  private Optional<String> guest = Optional.empty();
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
    builder.guest = from.guest();
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

  /** The option {@code option}: what is asked of a board that is made to measure, in the place of all that was. */
  public RequestBuilder boardOptions(Map<String, String> byName) {
    option(BOARD_OPTION, List.of());
    byName.forEach(this::boardOption);
    return this;
  }

  @Override
  public RequestBuilder boardOption(String name, String value) {
    List<String> texts = new ArrayList<>(options.getOrDefault(BOARD_OPTION, List.of()));
    texts.removeIf(text -> text.startsWith(name + '='));
    texts.add(name + '=' + value);
    return option(BOARD_OPTION, texts);
  }

  @Override
  public RequestBuilder guest(String name) {
    guest = Optional.of(name);
    return this;
  }

  /** The option {@code load}: the snapshot to continue. */
  public RequestBuilder load(Path snapshot) {
    return option("load", List.of(snapshot.toString()));
  }

  /**
   * The option {@code disk}: images, as {@code IMAGE[,write][,readonly][,scsi][,cdrom][,pci=SLOT][,format=NAME]}; each behind a virtio transport that is
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

  /** Whether {@link LaunchRequest#PERSON somebody} sits at the console. */
  public RequestBuilder shell(boolean wanted) {
    return option(LaunchRequest.ATTENDED, wanted ? List.of(LaunchRequest.PERSON) : List.of());
  }

  /** The option {@code on-reset}: whether the machine boots again when the guest resets it, or the run ends. */
  public RequestBuilder bootsAgain(boolean on) {
    return option("on-reset", on ? "boot" : "stop");
  }

  /** The option {@code hypervisor}: Xenolith's own hypervisor under the guest, which becomes Dom0. */
  public RequestBuilder hypervisor(boolean on) {
    return flag("hypervisor", on);
  }

  /** The option {@code domu}: configuration files, in the form of xl.cfg, of domains beside Dom0. They imply {@link #hypervisor}. */
  public RequestBuilder domUs(List<Path> files) {
    return option("domu", files.stream().map(Path::toString).toList()).hypervisor(!files.isEmpty() || options.containsKey("hypervisor"));
  }

  /** The option {@code no-dom0}: nothing but {@link #domUs}. It implies {@link #hypervisor}. */
  public RequestBuilder noDom0(boolean without) {
    return flag("no-dom0", without).hypervisor(without || options.containsKey("hypervisor"));
  }

  private RequestBuilder flag(String name, boolean on) {
    return option(name, on ? List.of(LaunchOption.ON) : List.of());
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

  @Override
  public LaunchRequest build() {
    return new BuiltRequest(board, cpus, memory, guest, options);
  }
}
