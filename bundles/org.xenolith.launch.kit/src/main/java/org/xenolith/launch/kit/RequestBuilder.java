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
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;

/** Makes requests in code: for tests, and for who doesn't launch what options say. */
public final class RequestBuilder implements LaunchRequest.Builder {
  private String board = "virt";
  private Optional<Path> load = Optional.empty();
  private OptionalInt cpus = OptionalInt.empty();
  private OptionalLong memory = OptionalLong.empty();
  private Map<String, String> boardOptions = Map.of();
  private Map<String, String> cpuOptions = Map.of();
  private boolean el2;
  private String engine = "";
  private List<String> settings = List.of();
  private Optional<String> guest = Optional.empty();
  private Optional<Path> kernel = Optional.empty();
  private OptionalLong kernelAddress = OptionalLong.empty();
  private OptionalLong entry = OptionalLong.empty();
  private Optional<Path> initrd = Optional.empty();
  private String append = "";
  private boolean shell;
  private Optional<Boolean> bootsAgain = Optional.empty();
  private boolean bootsAgainUnlessSaid;
  private List<String> modules = List.of();
  private List<String> disks = List.of();
  private Map<String, String> functions = Map.of();
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
    builder.load = from.load();
    builder.cpus = from.cpus();
    builder.memory = from.memory();
    builder.boardOptions = from.boardOptions();
    builder.cpuOptions = from.cpuOptions();
    builder.el2 = from.el2();
    builder.engine = from.engine();
    builder.settings = from.settings();
    builder.guest = from.guest();
    builder.kernel = from.kernel();
    builder.kernelAddress = from.kernelAddress();
    builder.entry = from.entry();
    builder.initrd = from.initrd();
    builder.append = from.append();
    builder.shell = from.shell();
    builder.bootsAgain = from.bootsAgainSaid();
    builder.bootsAgainUnlessSaid = from.bootsAgainUnlessSaid();
    builder.modules = from.modules();
    builder.disks = from.disks();
    builder.functions = from.functions();
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
  public RequestBuilder load(Path snapshot) {
    load = Optional.of(snapshot);
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
  public RequestBuilder engine(String name) {
    engine = name;
    return this;
  }

  @Override
  public RequestBuilder settings(List<String> texts) {
    settings = List.copyOf(texts);
    return this;
  }

  @Override
  public RequestBuilder guest(String name) {
    guest = Optional.of(name);
    return this;
  }

  @Override
  public RequestBuilder kernel(Path file) {
    kernel = Optional.of(file);
    return this;
  }

  @Override
  public RequestBuilder kernelAddress(long address) {
    kernelAddress = OptionalLong.of(address);
    return this;
  }

  @Override
  public RequestBuilder entry(long address) {
    entry = OptionalLong.of(address);
    return this;
  }

  @Override
  public RequestBuilder initrd(Path file) {
    initrd = Optional.of(file);
    return this;
  }

  @Override
  public RequestBuilder append(String words) {
    append = words;
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
  public RequestBuilder modules(List<String> texts) {
    modules = List.copyOf(texts);
    return this;
  }

  @Override
  public RequestBuilder disks(List<String> texts) {
    disks = List.copyOf(texts);
    return this;
  }

  @Override
  public RequestBuilder functions(Map<String, String> byNode) {
    functions = Map.copyOf(byNode);
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

  @Override
  public RequestBuilder option(String name, List<String> texts) {
    options = with(options, name, List.copyOf(texts));
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
    return new BuiltRequest(board, load, cpus, memory, boardOptions, cpuOptions, el2 || withHypervisor, engine, settings, guest, kernel,
        kernelAddress, entry, initrd, append, shell, bootsAgain, bootsAgainUnlessSaid, modules, disks,
        functions, withHypervisor,
        domUs, noDom0,
        options);
  }
}
