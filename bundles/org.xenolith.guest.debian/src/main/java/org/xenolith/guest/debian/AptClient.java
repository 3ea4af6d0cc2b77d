// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.xenolith.boot.api.ProgressListener;

/**
 * Debian's own apt with a private state, so that it fetches arm64 packages from the host's mirrors and checks them with
 * the host's keys, but neither needs root nor changes anything of the host.
 */
final class AptClient implements PackageClient {
  private static final String ARCHITECTURE = "arm64";
  private static final Pattern INSTALLATION = Pattern.compile("^Inst (\\S+) \\((\\S+) ");

  /** How the system says that nothing more can be written (strerror(3): ENOSPC, EDQUOT, EFBIG). */
  private static final List<String> FULL = List.of("No space left on device", "Disk quota exceeded", "File too large");

  private final Path state;
  private final Path osRelease;
  private final Map<String, String> environment;
  private String trouble = "";
  /** Whether the state was made by the last update. */
  private boolean fresh;

  /**
   * @param state folder of the private state, made when needed
   * @param osRelease the host's os-release file
   * @param environment the process environment
   */
  AptClient(Path state, Path osRelease, Map<String, String> environment) {
    this.state = state;
    this.osRelease = osRelease;
    this.environment = environment;
  }

  @Override
  public Optional<Unusable> unusable() {
    String system = systemId();
    if (!system.equals("debian")) {
      return Optional.of(new Unusable("the guest 'debian' is fetched with Debian's package client, and this host is '" + system + "'",
          "Copy the cache folder from a Debian machine, or name a kernel with --kernel, or take --guest tiny."));
    }
    for (String program : List.of("apt-get", "apt-cache", "dpkg-deb")) {
      if (!Command.exists(program, environment)) {
        return Optional.of(new Unusable("the guest 'debian' is fetched with '" + program + "', which is not on the PATH",
            "Install the packages apt and dpkg, or name a kernel with --kernel, or take --guest tiny."));
      }
    }
    return Optional.empty();
  }

  private String systemId() {
    try (Stream<String> lines = Files.lines(osRelease)) {
      return lines.filter(line -> line.startsWith("ID=")).map(line -> line.substring(3).replace("\"", "").strip()).findFirst().orElse(
          "unknown");
    } catch (IOException e) {
      return System.getProperty("os.name", "unknown");
    }
  }

  @Override
  public void update(ProgressListener progress) throws IOException {
    fresh = !Files.isDirectory(state.resolve("lists"));
    for (String folder : List.of("lists/partial", "cache/archives/partial")) {
      Files.createDirectories(state.resolve(folder));
    }
    if (!Files.exists(state.resolve("status"))) {
      Files.createFile(state.resolve("status"));
    }
    // Hooks that the host runs after an update concern the host's own state.
    Files.writeString(state.resolve("apt.conf"), "#clear APT::Update;\n#clear APT::Architectures;\n");
    progress.progress("apt: reading the index of " + ARCHITECTURE + " packages");
    Command.Result result = run("apt-get", List.of("update"), state, line -> relay(line, progress));
    trouble = result.exit() != 0 || result.lines().stream().anyMatch(line -> line.startsWith("W:") || line.startsWith("E:"))
        ? result.complaint() : "";
    if (!trouble.isEmpty()) {
      progress.progress("apt: not all indexes could be read: " + trouble);
    }
  }

  @Override
  public String dependency(String metapackage, String prefix) throws IOException {
    Command.Result result = run("apt-cache", List.of("depends", metapackage), state, line -> {});
    for (String line : result.lines()) {
      String text = line.strip().replaceFirst("^\\|", "");
      if (text.startsWith("Depends: " + prefix)) {
        return text.substring("Depends: ".length());
      }
    }
    throw new IOException(missing(metapackage));
  }

  @Override
  public Package candidate(String name) throws IOException {
    Command.Result result = run("apt-cache", List.of("--no-all-versions", "show", name), state, line -> {});
    String version = field(result, "Version");
    String sha256 = field(result, "SHA256");
    if (version.isEmpty() || sha256.isEmpty()) {
      throw new IOException(missing(name));
    }
    return new Package(name, version, sha256);
  }

  @Override
  public boolean forget() throws IOException {
    if (fresh || !trouble.isEmpty()) {
      return false;
    }
    Installation.delete(state);
    return true;
  }

  private static String field(Command.Result result, String name) {
    return result.lines().stream().filter(line -> line.startsWith(name + ": ")).findFirst().map(line -> line.substring(name.length() + 2)
        .strip())
        .orElse("");
  }

  private String missing(String name) {
    return "Debian's " + ARCHITECTURE + " package '" + name + "' is not in the indexes of this machine's mirrors"
        + (trouble.isEmpty()
            ? ". Check that /etc/apt/sources.list or sources.list.d has a Debian source with component main that is not limited to "
                + "another architecture." : " (" + trouble + "). Check the network connection.");
  }

  @Override
  public List<Package> closure(Collection<String> names) throws IOException {
    for (String name : names) {
      // Else apt could take the word for an option, a file or a pattern.
      if (!name.matches("[a-z0-9][a-z0-9+.-]+")) {
        throw new IOException("'" + name + "' is not the name of a Debian package");
      }
    }
    List<String> words = new ArrayList<>(List.of("install", "--simulate", "--no-install-recommends", "--yes"));
    words.addAll(names);
    Command.Result plan = run("apt-get", words, state, line -> {});
    List<String> chosen = plan.lines().stream().map(INSTALLATION::matcher).filter(Matcher::find)
        .map(match -> match.group(1) + "=" + match.group(2)).sorted().toList();
    if (plan.exit() != 0 || chosen.isEmpty()) {
      throw new IOException("the packages " + String.join(", ", names) + " can't be had: " + plan.complaint());
    }
    words = new ArrayList<>(List.of("show"));
    words.addAll(chosen);
    List<Package> packages = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    List<String> lines = new ArrayList<>(run("apt-cache", words, state, line -> {}).lines());
    lines.add("");
    for (String line : lines) {
      int colon = line.indexOf(": ");
      if (line.isEmpty() && fields.containsKey("SHA256")) {
        packages.add(new Package(fields.get("Package"), fields.get("Version"), fields.get("SHA256")));
        fields.clear();
      } else if (colon > 0 && !line.startsWith(" ")) {
        fields.put(line.substring(0, colon), line.substring(colon + 2).strip());
      }
    }
    if (packages.size() != chosen.size()) {
      throw new IOException("the index describes " + packages.size() + " of the " + chosen.size() + " packages that "
          + String.join(", ", names) + " need");
    }
    return packages;
  }

  @Override
  public List<Path> download(List<Package> wanted, Path folder, ProgressListener progress) throws IOException {
    Path arrival = Files.createTempDirectory(folder, "download");
    List<String> words = new ArrayList<>(List.of("download"));
    for (Package one : wanted) {
      words.add(one.name() + "=" + one.version());
    }
    progress.progress("apt: downloading " + (wanted.size() == 1 ? words.getLast().replace('=', ' ') : wanted.size() + " packages"));
    boolean few = wanted.size() < 4;
    Command.Result result = run("apt-get", words, arrival, line -> {
      if (few || !line.startsWith("Get:")) {
        relay(line, progress);
      }
    });
    Map<String, Path> byDigest = new HashMap<>();
    try (Stream<Path> files = Files.list(arrival)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".deb")).toList()) {
        byDigest.put(Digests.sha256(file), file);
      }
    }
    if (result.exit() != 0) {
      throw new IOException("apt could not download " + String.join(" ", words.subList(1, words.size())) + ": " + result.complaint());
    }
    List<Path> targets = new ArrayList<>();
    for (Package one : wanted) {
      Path file = byDigest.get(one.sha256());
      if (file == null) {
        throw new IOException("the download of " + one.name() + " has not the SHA-256 that the signed index says, " + one.sha256());
      }
      targets.add(Files.move(file, folder.resolve(one.name() + ".deb")));
    }
    Installation.delete(arrival);
    return targets;
  }

  @Override
  public <T> T contents(Path packageFile, Command.Reader<T> reader) throws IOException {
    return Command.read(List.of("dpkg-deb", "--fsys-tarfile", packageFile.toString()), reader);
  }

  @Override
  public byte[] unpackXz(byte[] packed) throws IOException {
    if (!Command.exists("xz", environment)) {
      throw new IOException("the kernel's modules are packed with xz, and 'xz' is not on the PATH. Install the package xz-utils.");
    }
    Path file = Files.createTempFile(state, "module", ".xz");
    try {
      Files.write(file, packed);
      return Command.read(List.of("xz", "-dc", file.toString()), java.io.InputStream::readAllBytes);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Command.Result run(String program, List<String> words, Path folder, java.util.function.Consumer<String> listener)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program, "-q", "-c", state.resolve("apt.conf").toString(),
        "-oAPT::Architecture=" + ARCHITECTURE, "-oAPT::Architectures=" + ARCHITECTURE,
        "-oDir::State=" + state, "-oDir::State::Lists=" + state.resolve("lists"), "-oDir::State::status=" + state.resolve("status"),
        "-oDir::Cache=" + state.resolve("cache"), "-oAcquire::Languages=none", "-oAcquire::Retries=2", "-oAcquire::http::Timeout=30",
        "-oAcquire::https::Timeout=30",
        // As root, apt would drop to a user who can't read a private folder.
        "-oAPT::Sandbox::User=root"));
    command.addAll(words);
    try {
      return Command.run(command, folder, line -> {
        listener.accept(line);
        // It would try everything again, for minutes and in silence.
        if (FULL.stream().anyMatch(line::contains)) {
          trouble = line.strip();
          throw new UncheckedIOException(new IOException(program + ": " + trouble
              + ". Make room, or name a folder with more in XENOLITH_CACHE."));
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void relay(String line, ProgressListener progress) {
    if (line.startsWith("Get:") || line.startsWith("Fetched") || line.startsWith("Err:") || line.startsWith("Ign:") || line.startsWith(
        "E:")) {
      progress.progress("apt: " + line);
    }
  }
}
