package io.waxwatch.standalone.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Who may know whom. */
@AnalyzeClasses(packages = Modules.ROOT, importOptions = Modules.OnlyWhatShips.class)
final class ModuleRulesTest {

    @ArchTest
    static void every_module_is_looked_at(JavaClasses classes) {
        assertThat(Modules.ALL)
                .allSatisfy(module -> assertThat(classes.stream()
                                .map(JavaClass::getPackageName)
                                .filter(name -> name.equals(module) || name.startsWith(module + ".")))
                        .as(module)
                        .isNotEmpty());
    }

    @ArchTest
    static void no_verticle_module_knows_another(JavaClasses classes) {
        for (String module : Modules.VERTICLES) {
            String[] others = Modules.VERTICLES.stream()
                    .filter(other -> !other.equals(module))
                    .map(Modules::within)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(Modules.within(module))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .because("verticles meet only on the bus and in the database")
                    .check(classes);
        }
    }

    @ArchTest
    static final ArchRule packages_are_free_of_cycles = slices().assignedFrom(new FeatureOfModule())
            .should()
            .beFreeOfCycles()
            .because("packages that need each other are one package");

    @ArchTest
    static final ArchRule common_knows_no_other_module = noClasses()
            .that()
            .resideInAPackage(Modules.within(Modules.COMMON))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    Modules.within(Modules.GATEWAY),
                    Modules.within(Modules.SCHEDULER),
                    Modules.within(Modules.PROVIDER),
                    Modules.within(Modules.NOTIFIER),
                    Modules.within(Modules.SANDBOX),
                    Modules.within(Modules.STANDALONE));

    @ArchTest
    static final ArchRule the_sandbox_knows_nothing_of_ours = noClasses()
            .that()
            .resideInAPackage(Modules.within(Modules.SANDBOX))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    Modules.within(Modules.COMMON),
                    Modules.within(Modules.GATEWAY),
                    Modules.within(Modules.SCHEDULER),
                    Modules.within(Modules.PROVIDER),
                    Modules.within(Modules.NOTIFIER),
                    Modules.within(Modules.STANDALONE))
            .because("it stands for the marketplaces, so it may not share our mistakes");

    @ArchTest
    static final ArchRule only_standalone_knows_the_sandbox_and_the_embedded_parts = noClasses()
            .that()
            .resideOutsideOfPackages(Modules.within(Modules.STANDALONE), Modules.within(Modules.SANDBOX))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    Modules.within(Modules.SANDBOX),
                    "io.zonky.test..",
                    "redis.embedded..",
                    "org.signal.redis..",
                    "com.icegreen.greenmail..")
            .because("none of them belongs into a production image");

    @ArchTest
    static final ArchRule matching_is_pure = noClasses()
            .that()
            .resideInAPackage(Modules.COMMON + ".matching..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(Modules.COMMON + ".matching..", "java..")
            .because("the decision about a match must be the same everywhere, and testable without anything else");

    /** A module's feature packages; what lies in the module's root package wires them and belongs to none. */
    private static final class FeatureOfModule implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            for (String module : Modules.ALL) {
                if (name.startsWith(module + ".")) {
                    String feature = name.substring(module.length() + 1);
                    return SliceIdentifier.of(
                            module, feature.contains(".") ? feature.substring(0, feature.indexOf('.')) : feature);
                }
            }
            return SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "the feature packages of each module";
        }
    }
}
