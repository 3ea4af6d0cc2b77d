// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;

/**
 * What is in a unified kernel image: one EFI program with a kernel, what goes with it, and a stub that starts it ("Unified Kernel Image (UKI)", UAPI.5). A machine without UEFI is given
 * the parts by a boot loader, as the stub would give them. What only a stub on firmware can use is named in the {@link #account}.
 *
 * @param kernel      the kernel, section {@code .linux}
 * @param microcode   what the kernel is given before the first root file system, section {@code .ucode}
 * @param initrd      the first root file system, section {@code .initrd}
 * @param commandLine the kernel's command line, section {@code .cmdline}; empty if there is none
 * @param words       what was added to the command line, without the choice of a profile
 * @param trees       device trees of the boards that it is made for: {@code .dtb} first, then each {@code .dtbauto}
 * @param account     a sentence for people: what it is, of which profiles, and which sections aren't used
 */
public record UnifiedKernel(byte[] kernel, Optional<byte[]> microcode, Optional<byte[]> initrd, String commandLine, String words,
    List<UnifiedTree> trees, String account) {
  /** What the stub shows, measures, or has firmware judge. */
  private static final List<String> FOR_FIRMWARE = List.of(".splash", ".sbat", ".pcrsig", ".pcrpkey", ".hwids", ".efifw");

  /**
   * The parts of a file.
   *
   * @param words what is added to its command line; {@code @1} at the begin chooses its second profile, as for the stub
   * @return empty for a file that is no unified kernel image: no EFI program, or none with a section {@code .linux}
   * @throws BootException if it is one, and is cut off, or has no such profile
   */
  public static Optional<UnifiedKernel> of(byte[] file, String words) {
    Optional<ProgramSections> program = ProgramSections.of(file).filter(one -> one.all().stream().anyMatch(section -> section.name().equals(
        ".linux")));
    return program.map(sections -> of(UnifiedProfile.of(sections, words), UnifiedProfile.rest(words)));
  }

  private static UnifiedKernel of(UnifiedProfile profile, String words) {
    byte[] kernel = profile.content(".linux").orElseThrow(() -> new BootException("the unified kernel image has no kernel in its profile @"
        + profile.number() + " (section .linux). Choose another one: it has " + UnifiedProfile.listed(profile.names()) + "."));
    return new UnifiedKernel(kernel, profile.content(".ucode"), profile.content(".initrd"), profile.text(".cmdline"), words, UnifiedTree.of(
        profile), account(profile));
  }

  /**
   * A guest of these parts in the place of one whose kernel this is. Words of its own, and a first root file system that was named for it, count; microcode comes before either.
   *
   * @throws BootException if microcode and first root file system are too large together
   */
  public GuestImage in(GuestImage guest) {
    Optional<byte[]> root = guest.initrd().or(() -> initrd);
    List<byte[]> parts = Stream.of(microcode, root).flatMap(Optional::stream).toList();
    try {
      return new GuestImage(guest.name(), kernel, parts.isEmpty() ? root : Optional.of(InitrdParts.joined(parts)), (commandLine + " "
          + guest
              .commandLine()).strip(), guest.provenance(), guest.deviceTrees());
    } catch (IllegalArgumentException e) {
      throw new BootException("the unified kernel image's microcode and the first root file system: " + e.getMessage(), e);
    }
  }

  /**
   * What people are to be told of its device trees.
   *
   * @param file  the image's name, as it was given
   * @param board the board's, as it was given
   * @return empty if it has none, or if the board is made of one of them
   */
  public Optional<String> unusedTrees(String file, String board) {
    if (trees.isEmpty() || board.equals(file) || board.startsWith(file + "#")) {
      return Optional.empty();
    }
    String names = trees.stream().map(UnifiedTree::name).distinct().collect(Collectors.joining(", "));
    return Optional.of((trees.size() == 1 ? "has a device tree of its own (" + names + "), which isn't used"
        : "has device trees of its own (" + names + "), which aren't used") + ": the machine is the board's. For a machine of "
        + (trees.size() == 1 ? "that tree" : "one of them") + " name the image in the board's place, too: " + file + (trees.size() == 1 ? ""
            : "#" + trees.getLast().name()));
  }

  private static String account(UnifiedProfile profile) {
    String release = profile.text(".osrel");
    String version = profile.text(".uname");
    List<String> what = new ArrayList<>();
    UnifiedProfile.value(release, "PRETTY_NAME").or(() -> UnifiedProfile.value(release, "NAME")).or(() -> UnifiedProfile.value(release,
        "ID"))
        .ifPresent(what::add);
    if (!version.isEmpty()) {
      what.add("kernel " + version.lines().findFirst().orElse(""));
    }
    StringBuilder text = new StringBuilder("a unified kernel image" + (what.isEmpty() ? "" : " of " + String.join(", ", what)));
    if (!profile.names().isEmpty()) {
      text.append("; profile @").append(profile.number()).append(" of ").append(UnifiedProfile.listed(profile.names()));
      if (profile.names().size() > 1) {
        text.append(" (another one by its number at the beginning of ").append(option("append")).append(')');
      }
    }
    List<String> unused = FOR_FIRMWARE.stream().filter(name -> !profile.all(name).isEmpty()).collect(Collectors.toCollection(
        ArrayList::new));
    if (profile.file().signed()) {
      unused.add("its signature");
    }
    if (!unused.isEmpty()) {
      text.append("; without firmware (").append(option("firmware")).append(") not used: ").append(String.join(", ", unused));
    }
    return text.toString();
  }
}
