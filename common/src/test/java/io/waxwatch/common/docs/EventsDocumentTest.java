package io.waxwatch.common.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.waxwatch.common.bus.BusMessage;
import io.waxwatch.common.bus.EventTopic;
import io.waxwatch.common.bus.RequestTopic;
import io.waxwatch.common.bus.Topics;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** docs/EVENTS.md says what the code does: no address, message or field more, and none less. */
final class EventsDocumentTest {

    private final Map<String, String> document = Documents.sections(Documents.read("docs/EVENTS.md"), 2);

    @Test
    void lists_every_address_and_no_other() throws ReflectiveOperationException {
        assertThat(document).containsOnlyKeys(declared().keySet());
    }

    @Test
    void lists_the_messages_of_each_address() throws ReflectiveOperationException {
        declared()
                .forEach((address, messages) -> assertThat(Documents.sections(document.get(address), 3))
                        .as(address)
                        .containsOnlyKeys(
                                messages.stream().map(Class::getSimpleName).toArray(String[]::new)));
    }

    @Test
    void every_message_has_an_address() throws ReflectiveOperationException {
        // One answer may serve two questions.
        assertThat(declared().values().stream().flatMap(List::stream).distinct())
                .containsExactlyInAnyOrder(BusMessage.class.getPermittedSubclasses());
    }

    @Test
    void lists_the_fields_of_each_message_with_their_types() throws ReflectiveOperationException {
        declared()
                .forEach((address, messages) ->
                        messages.forEach(message -> assertThat(Documents.rows(message(address, message)).stream()
                                        .map(cells -> cells.get(1) + " " + cells.get(0)))
                                .as(message.getSimpleName())
                                .containsExactlyElementsOf(Arrays.stream(message.getRecordComponents())
                                        .map(field -> field.getType().getSimpleName() + " " + field.getName())
                                        .toList())));
    }

    @Test
    void tells_what_losing_repeating_and_delaying_a_message_means() throws ReflectiveOperationException {
        declared()
                .forEach((address, messages) -> messages.forEach(message -> assertThat(message(address, message))
                        .as(message.getSimpleName())
                        .contains("- **Lost:** ", "- **Repeated:** ", "- **Late:** ")));
    }

    private String message(String address, Class<?> message) {
        return Documents.sections(document.get(address), 3).get(message.getSimpleName());
    }

    /** The messages of every address of {@link Topics}, read from its fields and methods. */
    private static Map<String, List<Class<?>>> declared() throws ReflectiveOperationException {
        Map<String, List<Class<?>>> declared = new TreeMap<>();
        for (Field field : Topics.class.getDeclaredFields()) {
            if (field.getType() == EventTopic.class) {
                declared.put(((EventTopic<?>) field.get(null)).address(), messages(field.getGenericType()));
            } else if (field.getType() == RequestTopic.class) {
                declared.put(((RequestTopic<?, ?>) field.get(null)).address(), messages(field.getGenericType()));
            }
        }
        for (Method method : Topics.class.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && method.getReturnType() == RequestTopic.class) {
                var topic = (RequestTopic<?, ?>) method.invoke(null, "<provider>", Duration.ofSeconds(1));
                declared.put(topic.address(), messages(method.getGenericReturnType()));
            }
        }
        return declared;
    }

    private static List<Class<?>> messages(Type type) {
        return Arrays.<Type>stream(((ParameterizedType) type).getActualTypeArguments())
                .<Class<?>>map(argument -> (Class<?>) argument)
                .toList();
    }
}
