package io.waxwatch.standalone.plans;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Every statement that the services send, found without being listed: the static texts of all classes that ship, and
 * the literals of their class files, among which there may be no SQL that is not part of such a text.
 */
final class Statements {

    private static final Pattern SQL =
            Pattern.compile("\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|MERGE INTO)\\s.*", Pattern.DOTALL);
    /** What {@code formatted} fills in, and what the compiler's concatenation does. */
    private static final Pattern GAP = Pattern.compile("%[sd]|\u0001|\u0002");

    private final Map<String, String> byName;
    private final Map<String, List<String>> literals;

    private Statements(Map<String, String> byName, Map<String, List<String>> literals) {
        this.byName = byName;
        this.literals = literals;
    }

    /**
     * Of everything below these packages but standalone's own, which tends an embedded server, and what is said once to a
     * database of other tables before it is ours.
     */
    static Statements thatShip(String... packages) {
        Map<String, String> byName = new TreeMap<>();
        Map<String, List<String>> literals = new TreeMap<>();
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(packages)
                .that(not(resideInAPackage("io.waxwatch.standalone..")))
                .that(not(simpleName("ReferenceDatabase")))
                .forEach(type -> {
                    List<String> found = literals(type).stream()
                            .filter(text -> SQL.matcher(text).matches())
                            .toList();
                    if (!found.isEmpty()) {
                        literals.put(type.getName(), found);
                        texts(type).forEach((name, text) -> byName.put(type.getSimpleName() + "." + name, text));
                    }
                });
        return new Statements(byName, literals);
    }

    /** The statements, by class and field. */
    Map<String, String> byName() {
        return byName;
    }

    /** SQL that is put together where it is sent, so that nothing can plan it: by class. */
    Map<String, List<String>> outOfReach() {
        Map<String, List<String>> missing = new TreeMap<>();
        literals.forEach((type, texts) -> texts.stream()
                .filter(text -> byName.values().stream()
                        .noneMatch(
                                statement -> asPattern(text).matcher(statement).find()))
                .forEach(text ->
                        missing.computeIfAbsent(type, any -> new ArrayList<>()).add(text)));
        return missing;
    }

    private static Pattern asPattern(String text) {
        return Pattern.compile(
                Arrays.stream(GAP.split(text, -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    private static Map<String, String> texts(JavaClass type) {
        Map<String, String> texts = new HashMap<>();
        try {
            for (Field field : Class.forName(type.getName()).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                    field.setAccessible(true);
                    String text = (String) field.get(null);
                    // A template is part of the texts that are made of it.
                    if (SQL.matcher(text).matches() && !GAP.matcher(text).find()) {
                        texts.put(field.getName(), text);
                    }
                }
            }
        } catch (ReflectiveOperationException failed) {
            throw new IllegalStateException(failed);
        }
        return texts;
    }

    /** The string constants of a class file, those in concatenations and lambdas too (JVMS 4.4). */
    private static List<String> literals(JavaClass type) {
        try (InputStream file = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            var in = new DataInputStream(file);
            in.skipNBytes(8);
            int count = in.readUnsignedShort();
            Map<Integer, String> texts = new HashMap<>();
            List<Integer> strings = new ArrayList<>();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts.put(i, in.readUTF());
                    case 8 -> strings.add(in.readUnsignedShort());
                    case 7, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        i++;
                    }
                    default -> throw new IllegalStateException("constant pool tag " + tag + " in " + type.getName());
                }
            }
            return strings.stream().map(texts::get).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
