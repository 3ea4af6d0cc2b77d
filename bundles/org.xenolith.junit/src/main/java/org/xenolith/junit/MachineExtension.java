// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;

/** Gives tests their machines, and tells of those of tests that fail; JUnit makes it by {@link Machine}. */
public final class MachineExtension implements ParameterResolver, AfterEachCallback, TestExecutionExceptionHandler,
    LifecycleMethodExecutionExceptionHandler {
  private static final Namespace NAMESPACE = Namespace.create(MachineExtension.class);

  /** Made by JUnit. */
  public MachineExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == GuestMachine.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    if (context.getTestMethod().isEmpty()) {
      throw new ParameterResolutionException("a GuestMachine is of one test: take it as a parameter of the test, or of a method with"
          + " @BeforeEach or @AfterEach, not of a constructor or one with @BeforeAll");
    }
    TestedMachine tested = context.getStore(NAMESPACE).get(TestedMachine.class, TestedMachine.class);
    if (tested == null) {
      try {
        tested = boots(context).machine(asked(context), name(context));
      } catch (BadInput e) {
        throw new ParameterResolutionException(OptionName.show(e.getMessage(), name -> name), e);
      }
      context.getStore(NAMESPACE).put(TestedMachine.class, tested);
    }
    return tested.machine();
  }

  private static MachineBoots boots(ExtensionContext context) {
    return context.getRoot().getStore(NAMESPACE).computeIfAbsent(MachineBoots.class, type -> new MachineBoots(), MachineBoots.class);
  }

  /** The annotation of the method, or of its class or one around it. */
  private static Machine asked(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Machine.class).or(() -> ofClass(Optional.of(context)))
        .orElseThrow(() -> new ParameterResolutionException("which machine? Say it by @Machine at the test, or at its class"));
  }

  private static Optional<Machine> ofClass(Optional<ExtensionContext> context) {
    return context.flatMap(each -> each.getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, Machine.class)).or(
        () -> ofClass(each.getParent())));
  }

  /** Of a test, for people and for a file; of one that is run several times with the number of the time. */
  private static String name(ExtensionContext context) {
    String id = context.getUniqueId();
    int invocation = id.lastIndexOf("-invocation:#");
    String number = invocation < 0 ? "" : "-" + id.substring(id.indexOf('#', invocation) + 1).replaceFirst("].*", "");
    return context.getRequiredTestClass().getName().replace('$', '.') + "." + context.getRequiredTestMethod().getName() + number;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
    throw withRecording(context, thrown);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
    throw withRecording(context, thrown);
  }

  @Override
  public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
    throw withRecording(context, thrown);
  }

  /** What JUnit is told of a test's failure: with the recording, if it had a machine. */
  private static Throwable withRecording(ExtensionContext context, Throwable thrown) {
    TestedMachine tested = context.getStore(NAMESPACE).get(TestedMachine.class, TestedMachine.class);
    if (tested == null || thrown instanceof TestAbortedException || !(thrown instanceof AssertionError || thrown instanceof Exception)) {
      return thrown;
    }
    String message = (thrown instanceof AssertionError ? String.valueOf(thrown.getMessage()) : thrown.toString()) + "\n  " + tested
        .failed();
    // What an assertion says is in the text, with its place: as a cause it would be told twice.
    Throwable cause = thrown instanceof AssertionError ? thrown.getCause() : thrown;
    AssertionFailedError failure = thrown instanceof AssertionFailedError known && known.isExpectedDefined() && known.isActualDefined()
        ? new AssertionFailedError(message, known.getExpected(), known.getActual(), cause)
        : new AssertionFailedError(message, cause);
    failure.setStackTrace(thrown.getStackTrace());
    Stream.of(thrown.getSuppressed()).forEach(failure::addSuppressed);
    return failure;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    TestedMachine tested = context.getStore(NAMESPACE).remove(TestedMachine.class, TestedMachine.class);
    if (tested != null) {
      tested.close();
    }
  }
}
