package dev.backout.faults;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StringReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import dev.backout.faults.Boundary.Place;
import dev.backout.launch.OwnJava;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Java process under a debugger, which stops it at the boundaries that it is told, and says so
 * while it stands there. The product knows nothing of it.
 */
final class DebuggedJvm {
  private final Process process;
  private final VirtualMachine machine;
  private final Set<Boundary> boundaries;
  private final Consumer<Boundary> reached;
  private final Map<Long, String> stepOfThread = new HashMap<>();
  private volatile @Nullable Throwable failure;

  private DebuggedJvm(
      Process process,
      VirtualMachine machine,
      Set<Boundary> boundaries,
      Consumer<Boundary> reached) {
    this.process = process;
    this.machine = machine;
    this.boundaries = boundaries;
    this.reached = reached;
  }

  /**
   * @param words main class and arguments
   * @param boundaries where it is stopped, each once
   * @param reached is called while the thread that has come to one stands still, then it goes on
   */
  static DebuggedJvm start(
      List<String> words,
      Map<String, String> environment,
      Path log,
      Set<Boundary> boundaries,
      Consumer<Boundary> reached)
      throws IOException {
    ListeningConnector connector =
        Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(each -> each.name().equals("com.sun.jdi.SocketListen"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("localAddress").setValue("127.0.0.1");
    try {
      String address = connector.startListening(arguments);
      try {
        Process process = launch(words, environment, log, address);
        VirtualMachine machine = connector.accept(arguments);
        Set<Boundary> open = ConcurrentHashMap.newKeySet();
        open.addAll(boundaries);
        DebuggedJvm jvm = new DebuggedJvm(process, machine, open, reached);
        jvm.arm();
        return jvm;
      } finally {
        connector.stopListening(arguments);
      }
    } catch (IllegalConnectorArgumentsException e) {
      throw new AssertionError(e);
    }
  }

  private static Process launch(
      List<String> words, Map<String, String> environment, Path log, String address)
      throws IOException {
    List<String> command =
        OwnJava.command(
            "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=" + address, "-Xmx256m");
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void arm() {
    Map<String, Set<String>> methods = new HashMap<>();
    Set<Place> places = new HashSet<>(Set.of(Boundary.TAKEN));
    boundaries.forEach(boundary -> places.add(boundary.place()));
    places.forEach(
        place ->
            methods.computeIfAbsent(place.type(), type -> new HashSet<>()).add(place.method()));
    methods.forEach(this::prepare);
    Thread events = new Thread(this::watch, "debugger of " + process.pid());
    events.setDaemon(true);
    events.start();
    machine.resume();
  }

  private void prepare(String type, Set<String> methods) {
    for (ReferenceType loaded : machine.classesByName(type)) {
      stopAt(loaded, methods);
    }
    ClassPrepareRequest request = machine.eventRequestManager().createClassPrepareRequest();
    request.addClassFilter(type);
    request.putProperty("methods", methods);
    request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    request.enable();
  }

  private void stopAt(ReferenceType type, Set<String> methods) {
    for (String name : methods) {
      List<Method> found = type.methodsByName(name);
      if (found.isEmpty()) {
        throw new IllegalStateException(
            "There is no method " + name + " in " + type.name() + ": the place has another name.");
      }
      for (Method method : found) {
        BreakpointRequest stop =
            machine.eventRequestManager().createBreakpointRequest(method.location());
        stop.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        stop.enable();
      }
    }
  }

  private void watch() {
    try {
      while (true) {
        EventSet events = machine.eventQueue().remove();
        for (Event event : events) {
          handle(event);
        }
        events.resume();
      }
    } catch (VMDisconnectedException e) {
      // It has ended.
    } catch (Exception | AssertionError e) {
      failure = e;
      process.destroyForcibly();
    }
  }

  @SuppressWarnings("unchecked")
  private void handle(Event event) throws IncompatibleThreadStateException {
    if (event instanceof ClassPrepareEvent prepared) {
      stopAt(prepared.referenceType(), (Set<String>) prepared.request().getProperty("methods"));
    } else if (event instanceof BreakpointEvent stopped) {
      Place place =
          new Place(stopped.location().declaringType().name(), stopped.location().method().name());
      String step = step(place, stopped.thread());
      for (Boundary boundary : List.copyOf(boundaries)) {
        if (boundary.step().equals(step)
            && boundary.place().equals(place)
            && boundaries.remove(boundary)) {
          reached.accept(boundary);
        }
      }
    }
  }

  /** Which step a thread is at: said where it is taken up, and so for all that follows. */
  private @Nullable String step(Place place, ThreadReference thread)
      throws IncompatibleThreadStateException {
    if (place.equals(Boundary.ASKED)) {
      return text(field(argument(thread, 0), "path"));
    }
    if (place.equals(Boundary.TAKEN)) {
      stepOfThread.put(thread.uniqueID(), text(field(field(argument(thread, 2), "call"), "step")));
    }
    return stepOfThread.get(thread.uniqueID());
  }

  private static Value argument(ThreadReference thread, int index)
      throws IncompatibleThreadStateException {
    return thread.frame(0).getArgumentValues().get(index);
  }

  private static Value field(Value object, String name) {
    ObjectReference reference = (ObjectReference) object;
    return reference.getValue(reference.referenceType().fieldByName(name));
  }

  private static String text(Value value) {
    return ((StringReference) value).value();
  }

  /** With SIGKILL: nothing of it runs any more when this returns. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** With SIGSTOP: it is there, and nothing of it moves. */
  void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  boolean isAlive() {
    requireNoFailure();
    return process.isAlive();
  }

  /** What has not been reached yet. */
  Set<Boundary> left() {
    return Set.copyOf(boundaries);
  }

  void requireNoFailure() {
    if (failure != null) {
      throw new AssertionError("The debugger failed", failure);
    }
  }
}
