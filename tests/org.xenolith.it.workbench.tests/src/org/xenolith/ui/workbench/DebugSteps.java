// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.model.IDebugTarget;
import org.eclipse.debug.core.model.IMemoryBlockExtension;
import org.eclipse.debug.core.model.IMemoryBlockRetrievalExtension;
import org.eclipse.debug.core.model.IRegister;
import org.eclipse.debug.core.model.IStackFrame;
import org.eclipse.debug.core.model.IThread;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.swt.custom.CTabFolder;
import org.eclipse.swt.custom.CTabItem;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.WorkbenchException;
import org.eclipse.ui.handlers.IHandlerService;

/** A machine is a launch of the Platform's: halted, looked into, stepped, taken back and let go on from its Debug views. */
final class DebugSteps implements Desk.Work {
  private static final String MARKER = "0x5eed";
  private static final String NAME = "debian on virt";
  /** A function that a kernel calls that has nothing to do. */
  private static final String IDLE = "arch_cpu_idle";
  private Desk desk;
  private IDebugTarget target;

  @Override
  public void at(Desk at) throws Exception {
    desk = at;
    desk.bootsDebian(dialog -> desk.fill(dialog, "history", "64"));
    show("org.xenolith.ui.debug.perspective");
    try {
      isALaunch();
      isHaltedAndLookedInto();
      goesForwardsAndBack();
      stopsAtABreakpoint();
      isWrittenTo();
    } finally {
      DebugPlugin.getDefault().getBreakpointManager().removeBreakpoints(DebugPlugin.getDefault().getBreakpointManager().getBreakpoints(),
          true);
    }
    target.terminate();
    desk.awaitEnd();
    await("a target that is over", target::isTerminated);
    isLaunchedAgain();
    show(LaboratoryPerspective.ID);
  }

  private void show(String perspective) throws WorkbenchException {
    PlatformUI.getWorkbench().showPerspective(perspective, PlatformUI.getWorkbench().getActiveWorkbenchWindow());
  }

  private void await(String what, BooleanSupplier so) {
    desk.person.await(what, so, () -> Arrays.toString(DebugPlugin.getDefault().getLaunchManager().getDebugTargets()) + " " + Desk
        .laboratory()
        .status());
  }

  private void isALaunch() throws CoreException {
    ILaunch[] launches = Arrays.stream(DebugPlugin.getDefault().getLaunchManager().getLaunches()).filter(each -> !each.isTerminated())
        .toArray(ILaunch[]::new);
    assertEquals(1, launches.length);
    target = launches[0].getDebugTarget();
    assertEquals(NAME, launches[0].getLaunchConfiguration().getName());
    assertEquals("virt: debian", target.getName());
    assertTrue(Arrays.stream(DebugPlugin.getDefault().getLaunchManager().getLaunchConfigurations()).anyMatch(each -> each.getName().equals(
        NAME)), "it can be launched again");
  }

  private IThread cpu() {
    try {
      return target.getThreads()[0];
    } catch (DebugException e) {
      throw new AssertionError(e);
    }
  }

  private IStackFrame top() {
    try {
      return cpu().getTopStackFrame();
    } catch (DebugException e) {
      throw new AssertionError(e);
    }
  }

  private String place() {
    try {
      return register("PC").getValue().getValueString();
    } catch (DebugException e) {
      throw new AssertionError(e);
    }
  }

  private IRegister register(String name) throws DebugException {
    return Arrays.stream(top().getRegisterGroups()).flatMap(group -> {
      try {
        return Arrays.stream(group.getRegisters());
      } catch (DebugException e) {
        throw new AssertionError(e);
      }
    }).filter(each -> {
      try {
        return each.getName().equals(name);
      } catch (DebugException e) {
        throw new AssertionError(e);
      }
    }).findFirst().orElseThrow(() -> new AssertionError("no register " + name));
  }

  private void isHaltedAndLookedInto() throws DebugException {
    target.suspend();
    await("a halted machine", () -> target.isSuspended() && top() != null);
    await("its registers in the view", () -> Person.all(desk.window(), Tree.class).stream().filter(Tree::isVisible).flatMap(tree -> Arrays
        .stream(tree.getItems())).map(TreeItem::getText).anyMatch(text -> text.equals("general")));
    IStackFrame[] frames = cpu().getStackFrames();
    assertTrue(frames.length > 2, () -> "calls: " + frames.length);
    for (IStackFrame each : frames) {
      assertFalse(each.getName().startsWith("0x"), each.getName() + ": Debian's kernel names its functions");
    }
    desk.person.photograph(desk.window(), Desk.picture("-debug"));
  }

  private void goesForwardsAndBack() throws Exception {
    String before = place();
    cpu().stepInto();
    await("the next instruction", () -> target.isSuspended() && top() != null && !place().equals(before));
    String behind = place();
    assertNotEquals(before, behind);
    execute("org.xenolith.ui.debug.stepBack");
    await("the instruction before", () -> target.isSuspended() && top() != null && place().equals(before));
    assertFalse(register("X9").supportsValueModification(), "what was stays as it was");
    await("a sign that it is the past", () -> desk.person.texts(desk.window()).stream().anyMatch(text -> text.matches(
        "In the past: [0-9]+\\.[0-9]{9} s")));
    desk.person.photograph(desk.window(), Desk.picture("-past"));
    execute("org.xenolith.ui.debug.toPresent");
    await("the present", () -> target.isSuspended() && top() != null && place().equals(behind));
    await("no such sign", () -> desk.person.texts(desk.window()).stream().noneMatch(text -> text.startsWith("In the past")));
  }

  private static void execute(String command) throws Exception {
    PlatformUI.getWorkbench().getService(IHandlerService.class).executeCommand(command, null);
  }

  private void stopsAtABreakpoint() throws Exception {
    Person.Answer answer = desk.person.answer("Add breakpoint", dialog -> {
      Person.find(dialog, Text.class, text -> text.isEnabled() && text.getEditable()).setText(IDLE);
      desk.person.press(dialog, "OK");
    });
    execute("org.xenolith.ui.debug.addBreakpoint");
    answer.check();
    assertEquals(1, DebugPlugin.getDefault().getBreakpointManager().getBreakpoints().length);
    IStackFrame before = top();
    target.resume();
    // An idle kernel comes there again with the next interrupt: a key's.
    Desk.laboratory().type(new byte[] {'\r'});
    await("the breakpoint", () -> target.isSuspended() && top() != null && top() != before);
    assertEquals(IDLE, top().getName());
    desk.person.photograph(desk.window(), Desk.picture("-breakpoint"));
  }

  private void isWrittenTo() throws DebugException {
    IRegister register = register("X9");
    assertTrue(register.supportsValueModification());
    register.setValue(MARKER);
    assertTrue(register("X9").getValue().getValueString().endsWith(MARKER.substring(2)), () -> "X9 has another value");
    IMemoryBlockExtension code = ((IMemoryBlockRetrievalExtension) target).getExtendedMemoryBlock("PC", top());
    assertEquals(new BigInteger(place().substring(2), 16), code.getBigBaseAddress());
    assertTrue(code.getBytesFromOffset(BigInteger.ZERO, 4)[0].isReadable());
    assertFalse(code.getBytesFromOffset(BigInteger.ONE.shiftLeft(40), 4)[0].isReadable(), "no RAM is there");
  }

  /** Its configuration has the boot dialog's pages as tabs: what is wrong there isn't launched, and what is right is another machine. */
  private void isLaunchedAgain() throws CoreException {
    ILaunchConfiguration kept = Arrays.stream(DebugPlugin.getDefault().getLaunchManager().getLaunchConfigurations()).filter(each -> each
        .getName().equals(NAME)).findFirst().orElseThrow();
    Person.Answer answer = desk.person.answer("Debug Configurations", dialog -> {
      List<String> titles = Person.all(dialog, CTabFolder.class).stream().flatMap(tabs -> Arrays.stream(tabs.getItems())).map(
          CTabItem::getText).toList();
      assertTrue(titles.containsAll(List.of("Machine", "Guest", "Debugging", "Run", "Common")), titles::toString);
      desk.person.photograph(dialog, Desk.picture("-configuration"));
      Text cpus = (Text) Desk.field(dialog, "cpus");
      Button debug = Person.find(dialog, Button.class, button -> button.getText().replace("&", "").equals("Debug"));
      cpus.setText("99");
      await("a refusal", () -> !debug.isEnabled());
      assertTrue(desk.person.texts(dialog).stream().anyMatch(text -> text.contains("99")), () -> desk.person.texts(dialog).toString());
      cpus.setText("2");
      await("the button", debug::isEnabled);
      desk.person.select(debug);
    });
    DebugUITools.openLaunchConfigurationDialogOnGroup(desk.window(), new StructuredSelection(kept),
        IDebugUIConstants.ID_DEBUG_LAUNCH_GROUP);
    answer.check();
    await("two CPUs", () -> Arrays.stream(DebugPlugin.getDefault().getLaunchManager().getDebugTargets()).anyMatch(each -> cpus(each) == 2));
    Arrays.stream(DebugPlugin.getDefault().getLaunchManager().getDebugTargets()).filter(each -> !each.isTerminated()).forEach(each -> {
      try {
        each.terminate();
      } catch (DebugException e) {
        throw new AssertionError(e);
      }
    });
    desk.awaitEnd();
    assertEquals("2", kept.getAttribute(MachineLaunch.FIELDS, Map.of()).get("cpus"), "what was launched is kept");
  }

  private static int cpus(IDebugTarget machine) {
    try {
      return machine.isTerminated() ? 0 : machine.getThreads().length;
    } catch (DebugException e) {
      return 0;
    }
  }
}
