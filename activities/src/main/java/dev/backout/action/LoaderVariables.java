package dev.backout.action;

import dev.backout.action.ActionException.Kind;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Variables by which a program that the worker's operator has allowed becomes another one: they
 * load code into it, or choose what it starts in turn. Who writes a runbook could go round the
 * operator's list with them.
 */
public final class LoaderVariables {
  private static final List<String> PREFIXES = List.of("LD_", "DYLD_", "BASH_FUNC_");

  private static final Set<String> NAMES =
      Set.of(
          // What a shell, or a program looking for another, takes as instructions.
          "PATH",
          "IFS",
          "ENV",
          "BASH_ENV",
          "SHELLOPTS",
          "BASHOPTS",
          "PS4",
          "PROMPT_COMMAND",
          "ZDOTDIR",
          // What the C library, and the loaders of languages, load.
          "GCONV_PATH",
          "GLIBC_TUNABLES",
          "OPENSSL_CONF",
          "OPENSSL_MODULES",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS",
          "CLASSPATH",
          "MAVEN_OPTS",
          "GRADLE_OPTS",
          "PYTHONPATH",
          "PYTHONHOME",
          "PYTHONSTARTUP",
          "PYTHONUSERBASE",
          "PYTHONEXECUTABLE",
          "PYTHONBREAKPOINT",
          "PERLLIB",
          "PERL5LIB",
          "PERL5OPT",
          "PERL5DB",
          "RUBYLIB",
          "RUBYOPT",
          "NODE_OPTIONS",
          "NODE_PATH",
          "PHPRC",
          "PHP_INI_SCAN_DIR",
          "LUA_PATH",
          "LUA_CPATH",
          "LUA_INIT",
          "TCLLIBPATH",
          "DOTNET_STARTUP_HOOKS",
          "CORECLR_PROFILER_PATH",
          // What programs start instead of, or beside, their own.
          "EDITOR",
          "VISUAL",
          "PAGER",
          "BROWSER",
          "GIT_SSH",
          "GIT_SSH_COMMAND",
          "GIT_ASKPASS",
          "GIT_EDITOR",
          "GIT_PAGER",
          "GIT_EXTERNAL_DIFF",
          "GIT_EXEC_PATH",
          "GIT_PROXY_COMMAND",
          "SSH_ASKPASS",
          "RSYNC_RSH",
          "TAR_OPTIONS",
          "MAKEFLAGS",
          "MAKEFILES",
          ProcessTree.MARK,
          "BACKOUT_START");

  private LoaderVariables() {}

  /**
   * @param names of the variables that a runbook gives
   * @throws ActionException of kind NOT_ALLOWED, naming each that would go round the list
   */
  public static void refuse(Collection<String> names, String program) throws ActionException {
    Set<String> refused = new TreeSet<>();
    for (String name : names) {
      // Some systems don't tell them apart, and no honest variable is called like them.
      String upper = name.toUpperCase(Locale.ROOT);
      if (NAMES.contains(upper) || PREFIXES.stream().anyMatch(upper::startsWith)) {
        refused.add(name);
      }
    }
    if (!refused.isEmpty()) {
      throw new ActionException(
          Kind.NOT_ALLOWED,
          "The environment of "
              + program
              + " may not be given "
              + String.join(", ", refused)
              + ": by that it could load or start something that is not on this worker's allowedPrograms."
              + " Nothing was run. Take it out of the step; what every program here needs, the worker's operator puts into the worker's own environment, or into a script that is allowed by name.");
    }
  }
}
